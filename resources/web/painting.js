// Areas and lines of a layer onto a canvas, many in one path. A generator: whoever drives it may let the browser breathe at each `yield`.
import { inFrame } from "./frame.js";
import { PER_MM, lineWidths, looked, sizeShare } from "./looks.js";
import { isShown } from "./unpack.js";

const UNSEEN = 0.6; // pixels: a vertex nearer than this to the last one drawn is left out
const TINY = 5; // pixels: buildings below this are plain rectangles, ten times as fast as paths
const FAINT = 0.3; // pixels: outlines of buildings below this are only grey haze
const THIN = 1.6; // pixels: a road below this is one line in the colour of its rim
const BATCH = 900; // vertices in a path: larger ones are slow to fill

// Adds the runs of a feature to a path; returns how many vertices that took.
function addFeature(path, layer, feature, frame, isClosed) {
  const { runs, starts, xy } = layer;
  const { scale, left, top } = frame;
  let drawn = 0;
  for (let run = runs[feature]; run < runs[feature + 1]; run++) {
    const first = starts[run] * 2;
    const end = starts[run + 1] * 2;
    let lastX = xy[first] * scale - left;
    let lastY = xy[first + 1] * scale - top;
    path.moveTo(lastX, lastY);
    for (let p = first + 2; p < end; p += 2) {
      const x = xy[p] * scale - left;
      const y = xy[p + 1] * scale - top;
      if (Math.abs(x - lastX) < UNSEEN && Math.abs(y - lastY) < UNSEEN && p + 2 < end) continue;
      path.lineTo(x, y);
      lastX = x;
      lastY = y;
      drawn++;
    }
    if (isClosed) path.closePath();
    drawn++;
  }
  return drawn;
}

function isTiny(layer, feature, frame, most) {
  const b = feature * 4;
  return Math.max(layer.bounds[b + 2] - layer.bounds[b], layer.bounds[b + 3] - layer.bounds[b + 1]) * frame.scale < most;
}

// Paths of the features of each class, those declared first last, so that they lie on top: [class, paths, tiny ones].
function* pathsByClass(layer, frame, margin, isClosed) {
  const most = isClosed ? (layer.context && !frame.isSheet ? TINY : 2) : 0;
  const byClass = new Map();
  for (const feature of inFrame(layer, frame, margin)) {
    if (!isShown(layer, feature)) continue;
    const kind = layer.classes[feature];
    if (byClass.has(kind)) byClass.get(kind).push(feature);
    else byClass.set(kind, [feature]);
  }
  const made = [];
  for (const kind of [...byClass.keys()].sort((a, b) => b - a)) {
    const paths = [];
    const tiny = [];
    let path = null;
    let room = 0;
    for (const feature of byClass.get(kind)) {
      if (isTiny(layer, feature, frame, most)) {
        tiny.push(feature);
        continue;
      }
      if (room <= 0) {
        if (path) yield;
        path = new Path2D();
        paths.push(path);
        room = BATCH;
      }
      room -= addFeature(path, layer, feature, frame, isClosed);
    }
    made.push([kind, paths, tiny]);
  }
  return made;
}

// Plain fills of the map's subject (zones): they are laid beneath roads, water and buildings, which would be hidden else; outlines stay on top.
export function isWash(layer, kind) {
  return !layer.context && Boolean(layer.kinds[kind].s.f) && !layer.kinds[kind].s.h;
}

export function* paintWashes(ctx, layer, frame) {
  if (!layer.kinds.some((_, kind) => isWash(layer, kind))) return;
  for (const [kind, paths, tiny] of yield* pathsByClass(layer, frame, 4, true)) {
    if (!isWash(layer, kind)) continue;
    const look = looked(layer.kinds[kind].s, frame.tone, layer);
    yield* paintTiny(ctx, layer, tiny, look, frame);
    ctx.fillStyle = look.f;
    for (const path of paths) {
      ctx.fill(path, "evenodd");
      yield;
    }
  }
}

export function* paintAreas(ctx, layer, frame) {
  const found = yield* pathsByClass(layer, frame, 4, true);
  const share = sizeShare(frame.denominator);
  ctx.lineJoin = "round";
  for (const [kind, paths, tiny] of found) {
    const look = looked(layer.kinds[kind].s, frame.tone, layer);
    if (isWash(layer, kind)) continue;
    yield* paintTiny(ctx, layer, tiny, look, frame);
    for (const path of paths) {
      if (look.f) {
        ctx.fillStyle = look.f;
        ctx.fill(path, "evenodd");
      }
      if (look.h) {
        ctx.fillStyle = hatch(ctx, look, frame);
        ctx.fill(path, "evenodd");
      }
      yield;
    }
  }
  for (const [kind, paths] of found) {
    const look = looked(layer.kinds[kind].s, frame.tone, layer);
    if (!look.s || look.w <= 0 || (layer.context && look.w * PER_MM * share < FAINT)) continue;
    ctx.strokeStyle = look.s;
    ctx.lineWidth = Math.max(look.w * PER_MM * share, 0.5);
    ctx.setLineDash(look.d.map((one) => one * PER_MM * share));
    for (const path of paths) {
      ctx.stroke(path);
      yield;
    }
    ctx.setLineDash([]);
  }
}

function* paintTiny(ctx, layer, tiny, look, frame) {
  ctx.fillStyle = look.f || look.s || "#888888";
  const { bounds } = layer;
  for (let n = 0; n < tiny.length; n++) {
    const b = tiny[n] * 4;
    const wide = Math.max((bounds[b + 2] - bounds[b]) * frame.scale * 0.92, 0.8);
    const high = Math.max((bounds[b + 3] - bounds[b + 1]) * frame.scale * 0.92, 0.8);
    ctx.fillRect(bounds[b] * frame.scale - frame.left, bounds[b + 1] * frame.scale - frame.top, wide, high);
    if (n % 2000 === 1999) yield;
  }
  yield;
}

export function* paintLines(ctx, layer, frame) {
  const found = yield* pathsByClass(layer, frame, 20, false);
  ctx.lineJoin = ctx.lineCap = "round";
  for (const isCasing of [true, false])
    for (const [kind, paths] of found) {
      const look = looked(layer.kinds[kind].s, frame.tone, layer);
      const [width, cased] = lineWidths(look, frame.denominator, frame.metres);
      const isThin = Boolean(look.c) && cased < THIN && !frame.isSheet;
      if (isCasing ? !look.c || cased <= width : isThin || !look.s || width <= 0) continue;
      ctx.strokeStyle = isCasing ? look.c : look.s;
      ctx.lineWidth = Math.max(isCasing ? (isThin ? cased * 0.75 : cased) : width, 0.5);
      if (!isCasing && look.d.length) {
        ctx.setLineDash(look.d.map((one) => one * PER_MM));
        ctx.lineCap = "butt";
      }
      for (const path of paths) {
        ctx.stroke(path);
        yield;
      }
      ctx.setLineDash([]);
      ctx.lineCap = "round";
    }
}

const tiles = new Map();

// A pattern that hangs on the ground: it does not swim when the map is moved.
function hatch(ctx, look, frame) {
  const side = Math.max(4, Math.round(look.hs * PER_MM * 1.4));
  const key = `${look.h}.${look.hc}.${side}.${frame.ratio}`;
  if (!tiles.has(key)) tiles.set(key, hatchTile(look.h, look.hc, side, frame.ratio));
  const pattern = ctx.createPattern(tiles.get(key), "repeat");
  const dots = 1 / frame.ratio;
  pattern.setTransform(new DOMMatrix([dots, 0, 0, dots, -(frame.left % side), -(frame.top % side)]));
  return pattern;
}

function hatchTile(kind, colour, side, ratio) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = Math.round(side * ratio);
  const ctx = tile.getContext("2d");
  const s = tile.width;
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.lineWidth = Math.max(ratio * 0.7, 1);
  ctx.lineCap = "square";
  const line = (x0, y0, x1, y1) => {
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
  };
  if (kind === "/" || kind === "x") for (const d of [-s, 0, s]) line(d, s, d + s, 0);
  if (kind === "\\" || kind === "x") for (const d of [-s, 0, s]) line(d, 0, d + s, s);
  if (kind === "-" || kind === "+") line(0, s / 2, s, s / 2);
  if (kind === "|" || kind === "+") line(s / 2, 0, s / 2, s);
  if (kind === ".") {
    ctx.beginPath();
    ctx.arc(s / 2, s / 2, ratio * 0.9, 0, Math.PI * 2);
    ctx.fill();
  }
  return tile;
}
