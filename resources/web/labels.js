// Where labels stand: the more important ones first, none over another or over a mark.
import { clustersOf } from "./clusters.js";
import { inFrame } from "./frame.js";
import { GROUND, nightly, sizeShare, usual } from "./looks.js";
import { FACE, markSize } from "./marks.js";
import { isShown, text } from "./unpack.js";

const REPEATED = 260; // pixels: the same road is not named again nearer than this
const MOST = 600; // labels in a picture
const FARTHER = 1.5; // a screen shows labels at a smaller scale than paper, where all is there at once

class Room {
  constructor() {
    this.cells = new Map();
  }

  _each(box, visit) {
    for (let y = Math.floor(box[1] / 64); y <= Math.floor(box[3] / 64); y++)
      for (let x = Math.floor(box[0] / 64); x <= Math.floor(box[2] / 64); x++) if (visit(x * 100003 + y)) return true;
    return false;
  }

  isFree(box) {
    return !this._each(box, (key) => (this.cells.get(key) || []).some((one) => one[0] < box[2] && one[2] > box[0] && one[1] < box[3] && one[3] > box[1]));
  }

  take(box) {
    this._each(box, (key) => {
      if (this.cells.has(key)) this.cells.get(key).push(box);
      else this.cells.set(key, [box]);
    });
  }
}

export function* paintLabels(ctx, frame, page) {
  const { model } = page;
  const room = new Room();
  const points = [];
  for (const layer of model.drawn) if (layer.isOn && layer.geometry === "point" && layer.count) points.push(...singles(layer, frame, page, room));
  const layers = model.drawn.filter((one) => one.isOn && one.label && one.count && frame.denominator <= one.label.n * FARTHER);
  layers.sort((a, b) => b.label.p - a.label.p);
  let drawn = 0;
  for (const layer of layers) {
    const style = layer.label;
    const size = Math.max(style.sz * 4.5, 11);
    ctx.font = `${style.b ? 600 : 400} ${size}px ${FACE}`;
    ctx.lineJoin = "round";
    const dark = frame.tone === "night";
    ctx.fillStyle = frame.tone === "mono" ? "#000000" : dark ? nightly(style.c) : style.c;
    ctx.strokeStyle = dark ? GROUND.night : frame.tone === "mono" ? "#ffffff" : style.h;
    ctx.lineWidth = 3;
    const places = layer.geometry === "point" ? points.filter((one) => one.layer === layer) : inFrame(layer, frame, 0);
    const named = new Map();
    for (let n = 0; n < places.length && drawn < MOST; n++) {
      const feature = layer.geometry === "point" ? places[n].feature : places[n];
      const words = text(model, layer.labels, feature);
      if (!words || !isShown(layer, feature)) continue;
      const shown = words.length > 24 ? words.slice(0, 23) + "…" : words;
      const width = ctx.measureText(shown).width;
      const spot =
        layer.geometry === "point" ? aroundPoint(places[n], width, size, room) : layer.geometry === "line" ? alongLine(layer, feature, width, size, frame, room, named, words) : insideArea(layer, feature, width, size, frame, room);
      if (spot) {
        put(ctx, shown, spot);
        drawn++;
      }
      if (n % 60 === 59) yield;
    }
    yield;
  }
}

// Marks that stand alone, each taking its room; discs take room but have no label.
function singles(layer, frame, page, room) {
  const found = clustersOf(page, layer, frame.zoom);
  const share = sizeShare(frame.denominator);
  const made = [];
  for (let n = 0; n < found.x.length; n++) {
    const x = found.x[n] * frame.scale - frame.left;
    const y = found.y[n] * frame.scale - frame.top;
    if (x < -20 || y < -20 || x > frame.width + 20 || y > frame.height + 20) continue;
    const feature = found.members[found.from[n]];
    const isAlone = found.from[n + 1] - found.from[n] === 1;
    const r = isAlone ? markSize(usual(layer.kinds[layer.classes[feature]].s), share) / 2 : 15;
    room.take([x - r, y - r, x + r, y + r]);
    if (isAlone) made.push({ layer, feature, x, y, r });
  }
  return made;
}

function aroundPoint({ x, y, r }, width, size, room) {
  const h = size * 0.62;
  for (const [dx, dy] of [[r + 4 + width / 2, 0], [-r - 4 - width / 2, 0], [0, -r - h - 1], [0, r + h + 1]]) {
    const spot = [x + dx, y + dy, 0];
    const box = [spot[0] - width / 2 - 1, spot[1] - h, spot[0] + width / 2 + 1, spot[1] + h];
    if (room.isFree(box)) {
      room.take(box);
      return spot;
    }
  }
  return null;
}

function insideArea(layer, feature, width, size, frame, room) {
  const b = feature * 4;
  if ((layer.bounds[b + 2] - layer.bounds[b]) * frame.scale < width * 0.8) return null;
  const x = layer.inside[feature * 2] * frame.scale - frame.left;
  const y = layer.inside[feature * 2 + 1] * frame.scale - frame.top;
  const h = size * 0.62;
  const box = [x - width / 2 - 2, y - h, x + width / 2 + 2, y + h];
  if (!room.isFree(box)) return null;
  room.take(box);
  return [x, y, 0];
}

// In the middle of the longest straight piece in the picture, turned along it.
function alongLine(layer, feature, width, size, frame, room, named, words) {
  const { runs, starts, xy } = layer;
  let best = null;
  let longest = width * 0.9;
  for (let run = runs[feature]; run < runs[feature + 1]; run++) {
    const end = starts[run + 1] - 1;
    for (let n = starts[run]; n < end; ) {
      const [x0, y0] = [xy[n * 2] * frame.scale - frame.left, xy[n * 2 + 1] * frame.scale - frame.top];
      const first = Math.atan2(xy[n * 2 + 3] - xy[n * 2 + 1], xy[n * 2 + 2] - xy[n * 2]);
      let m = n + 1;
      while (m < end && Math.abs(turn(Math.atan2(xy[m * 2 + 3] - xy[m * 2 + 1], xy[m * 2 + 2] - xy[m * 2]) - first)) < 0.2) m++;
      const [x1, y1] = [xy[m * 2] * frame.scale - frame.left, xy[m * 2 + 1] * frame.scale - frame.top];
      n = m;
      const cut = clipped(x0, y0, x1, y1, frame);
      if (!cut) continue;
      const length = Math.hypot(cut[2] - cut[0], cut[3] - cut[1]);
      if (length > longest) [longest, best] = [length, cut];
    }
  }
  if (!best) return null;
  const [x, y] = [(best[0] + best[2]) / 2, (best[1] + best[3]) / 2];
  if ((named.get(words) || []).some(([a, b]) => Math.hypot(a - x, b - y) < REPEATED)) return null;
  let angle = Math.atan2(best[3] - best[1], best[2] - best[0]);
  if (angle > Math.PI / 2 + 0.01) angle -= Math.PI;
  if (angle <= -Math.PI / 2) angle += Math.PI;
  const wide = (Math.abs(Math.cos(angle)) * width + Math.abs(Math.sin(angle)) * size) / 2 + 2;
  const high = (Math.abs(Math.sin(angle)) * width + Math.abs(Math.cos(angle)) * size) / 2 + 2;
  const box = [x - wide, y - high, x + wide, y + high];
  if (!room.isFree(box)) return null;
  room.take(box);
  if (named.has(words)) named.get(words).push([x, y]);
  else named.set(words, [[x, y]]);
  return [x, y, angle];
}

function turn(angle) {
  return angle > Math.PI ? angle - 2 * Math.PI : angle < -Math.PI ? angle + 2 * Math.PI : angle;
}

// The piece of a straight line that lies in the picture, null for none (Liang and Barsky).
function clipped(x0, y0, x1, y1, { width, height }) {
  let [from, to] = [0, 1];
  const [dx, dy] = [x1 - x0, y1 - y0];
  for (const [p, q] of [[-dx, x0], [dx, width - x0], [-dy, y0], [dy, height - y0]]) {
    if (p === 0 && q < 0) return null;
    if (p < 0) from = Math.max(from, q / p);
    if (p > 0) to = Math.min(to, q / p);
  }
  return from < to ? [x0 + from * dx, y0 + from * dy, x0 + to * dx, y0 + to * dy] : null;
}

function put(ctx, words, [x, y, angle]) {
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  if (angle) {
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate(angle);
    ctx.strokeText(words, 0, 0);
    ctx.fillText(words, 0, 0);
    ctx.restore();
    return;
  }
  ctx.strokeText(words, x, y);
  ctx.fillText(words, x, y);
}
