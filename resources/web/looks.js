// Symbols as declared (exchange/web/styles.py, in millimetres of paper) → as they are drawn now: pixels, day or night, colour or black and white.
export const PER_MM = 3.78; // CSS pixels

export function usual(symbol) {
  return Object.assign({ sh: "circle", sz: 2.6, f: "", s: "", w: 0.2, d: [], c: "", cw: 0, gw: 0, h: "", hc: "#000000", hs: 1.6, g: "", gc: "#ffffff" }, symbol);
}

export const GROUND = { day: "#f3f2ee", night: "#1b1f24", mono: "#ffffff" };

// tone: day | night | mono. What lies beneath (roads, water, buildings) turns dark at night; signs keep their colours, which mean something.
export function looked(symbol, tone, isContext) {
  const one = usual(symbol);
  if (tone === "mono") return inked(one, symbol.m || {});
  if (tone !== "night") return one;
  const turned = Object.assign({}, one);
  if (isContext) for (const key of ["f", "s", "c", "hc"]) turned[key] = nightly(one[key]);
  else for (const key of ["c"]) turned[key] = nightly(one[key]);
  return turned;
}

// For a laser printer every colour is black or white but for those that the symbol's own table for it names (render/classes.py).
function inked(look, own) {
  const made = Object.assign({}, look, own);
  for (const key of ["f", "s", "c", "hc", "gc"]) {
    if (!made[key] || key in own) continue;
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(made[key].slice(at, at + 2), 16));
    made[key] = 0.2126 * r + 0.7152 * g + 0.0722 * b < 160 ? "#000000" : "#ffffff";
  }
  return made;
}

const nights = new Map();

// A light colour of the ground becomes a dark one, a dark line a lighter one: lightness is turned round, colour kept faintly.
export function nightly(colour) {
  if (!colour) return colour;
  if (!nights.has(colour)) {
    const [h, s, l] = hsl(colour);
    nights.set(colour, `hsl(${h}, ${Math.round(s * 45)}%, ${Math.round((0.17 + (1 - l) * 0.6) * 100)}%)`);
  }
  return nights.get(colour);
}

function hsl(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const most = Math.max(r, g, b);
  const least = Math.min(r, g, b);
  const l = (most + least) / 2;
  if (most === least) return [0, 0, l];
  const span = most - least;
  const s = l > 0.5 ? span / (2 - most - least) : span / (most + least);
  const h = most === r ? (g - b) / span + (g < b ? 6 : 0) : most === g ? (b - r) / span + 2 : (r - g) / span + 4;
  return [Math.round(h * 60), s, l];
}

// Everything is finer on overviews, as on paper (render/symbols.py): sizes from 1:10 000 on, lines faster.
export function sizeShare(denominator) {
  return Math.max(Math.pow(Math.max(denominator / 10000, 1), -0.3), 0.5);
}

export function lineWidths(look, denominator, metresPerPixel) {
  const share = Math.max(Math.pow(Math.max(denominator / 10000, 1), -0.5), 0.3);
  const rim = Math.max(look.cw - look.w, 0) * Math.max(share, 0.6) * PER_MM;
  const width = Math.max(look.w * share * PER_MM, look.gw / metresPerPixel);
  return [width, look.c ? width + rim : 0];
}
