// Symbols as declared (exchange/web/styles.py, in millimetres of paper) → as they are drawn now: pixels, day or night, colour or black and white.
export const PER_MM = 3.78; // CSS pixels

export function usual(symbol) {
  return Object.assign({ sh: "circle", sz: 2.6, f: "", s: "", w: 0.2, d: [], c: "", cw: 0, gw: 0, h: "", hc: "#000000", hs: 1.6, g: "", gc: "#ffffff" }, symbol);
}

export const GROUND = { day: "#f3f2ee", night: "#1b1f24", mono: "#ffffff" };

// tone: day | night | mono. What lies beneath (roads, water, buildings) turns dark at night; signs keep their colours, which mean something.
export function looked(symbol, tone, layer) {
  const one = usual(symbol);
  if (tone === "mono") return inked(one, symbol.m || {});
  if (tone !== "night") return one;
  const turned = Object.assign({}, one);
  if (layer.context && layer.geometry === "line") {
    turned.s = nightly(one.s, 0.32, 0.3); // roads are lighter than the ground at night, their rims darker
    turned.c = nightly(one.c, 0.13, 0.08);
  } else for (const key of layer.context ? ["f", "s", "hc"] : ["c"]) turned[key] = nightly(one[key]);
  if (layer.geometry === "polygon" && one.f && hsl(one.f)[2] > 0.8) turned.f = nightly(one.f); // a pale area is ground as well
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

// A light colour becomes a dark one and the reverse: lightness is turned round (white to `least`, black to least + span), colour kept faintly.
export function nightly(colour, least = 0.17, span = 0.6) {
  if (!colour) return colour;
  const key = colour + least;
  if (!nights.has(key)) {
    const [h, chroma, l] = hsl(colour);
    nights.set(key, `hsl(${h}, ${Math.round(Math.min(chroma * 1.3, 0.5) * 100)}%, ${Math.round((least + (1 - l) * span) * 100)}%)`);
  }
  return nights.get(key);
}

// Hue, chroma (not saturation, which is high for what is nearly white) and lightness.
function hsl(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const most = Math.max(r, g, b);
  const least = Math.min(r, g, b);
  const l = (most + least) / 2;
  if (most === least) return [0, 0, l];
  const span = most - least;
  const h = most === r ? (g - b) / span + (g < b ? 6 : 0) : most === g ? (b - r) / span + 2 : (r - g) / span + 4;
  return [Math.round(h * 60), span, l];
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
