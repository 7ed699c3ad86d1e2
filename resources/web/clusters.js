// Points that would lie on each other, as one mark with a number. Worked out for the whole layer at a zoom, so that moving the map changes nothing.
import { isShown } from "./unpack.js";

const APART = 30; // pixels between single marks on overviews
const CLOSE = 5; // where streets can be read: only what lies in one place
const CLOSE_FROM = 17.5; // zoom

// { x, y: middles; from: where the members of each begin; members: features } of a layer at a zoom.
export function clustersOf(page, layer, zoom) {
  const key = `${zoom}.${page.shownVersion}`;
  if (page.clusters && page.clusters.key === key) return page.clusters.of.get(layer);
  const reach = (zoom >= CLOSE_FROM ? CLOSE : APART) * Math.pow(2, 20 - zoom);
  const of = new Map();
  const discs = new Discs(Math.pow(2, 20 - zoom));
  for (const one of page.model.drawn.slice().reverse()) {
    if (one.geometry !== "point" || !one.count) continue;
    of.set(one, grouped(one, reach));
    if (one.isOn) discs.place(of.get(one));
  }
  page.clusters = { key, of };
  return of.get(layer);
}

export function discSize(count) {
  return count < 10 ? 11 : count < 100 ? 12.5 : count < 1000 ? 15 : 18;
}

const AROUND = [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1], [0.7, 0.7], [-0.7, 0.7], [0.7, -0.7], [-0.7, -0.7]];

// Discs of several layers in one neighbourhood stand side by side; those of the upper layer where they belong.
class Discs {
  constructor(pixel) {
    this.pixel = pixel;
    this.cells = new Map();
  }

  place(found) {
    const wide = 28 * this.pixel;
    const side = 40 * this.pixel;
    const key = (x, y) => Math.floor(x / side) * 16777216 + Math.floor(y / side);
    for (let n = 0; n < found.x.length; n++) {
      if (found.from[n + 1] - found.from[n] < 2) continue;
      const isFree = (x, y) => {
        for (let dy = -1; dy <= 1; dy++)
          for (let dx = -1; dx <= 1; dx++) for (const [ox, oy] of this.cells.get(key(x + dx * side, y + dy * side)) || []) if (Math.hypot(ox - x, oy - y) < wide * 0.94) return false;
        return true;
      };
      const spot = AROUND.map(([dx, dy]) => [found.x[n] + dx * wide, found.y[n] + dy * wide]).find(([x, y]) => isFree(x, y));
      if (spot) [found.x[n], found.y[n]] = spot;
      const cell = key(found.x[n], found.y[n]);
      if (this.cells.has(cell)) this.cells.get(cell).push([found.x[n], found.y[n]]);
      else this.cells.set(cell, [[found.x[n], found.y[n]]]);
    }
  }
}

function grouped(layer, reach) {
  const { xy, starts, runs, count } = layer;
  const cells = new Map();
  const cellOf = (x, y) => Math.floor(x / reach) * 16777216 + Math.floor(y / reach);
  const point = (feature) => starts[runs[feature]] * 2;
  for (let n = 0; n < count; n++) {
    if (runs[n] === runs[n + 1] || !isShown(layer, n)) continue;
    const key = cellOf(xy[point(n)], xy[point(n) + 1]);
    const cell = cells.get(key);
    if (cell) cell.push(n);
    else cells.set(key, [n]);
  }
  const taken = new Uint8Array(count);
  const made = { x: [], y: [], from: [0], members: [] };
  for (let n = 0; n < count; n++) {
    if (taken[n] || runs[n] === runs[n + 1] || !isShown(layer, n)) continue;
    const x = xy[point(n)];
    const y = xy[point(n) + 1];
    let [sumX, sumY, met] = [0, 0, 0];
    for (let dy = -1; dy <= 1; dy++)
      for (let dx = -1; dx <= 1; dx++) {
        const key = cellOf(x + dx * reach, y + dy * reach);
        const cell = cells.get(key);
        if (!cell) continue;
        let kept = 0;
        for (const other of cell) {
          const p = point(other);
          const [ox, oy] = [xy[p], xy[p + 1]];
          if ((ox - x) * (ox - x) + (oy - y) * (oy - y) > reach * reach) {
            cell[kept++] = other;
            continue;
          }
          taken[other] = 1;
          made.members.push(other);
          sumX += ox;
          sumY += oy;
          met++;
        }
        cell.length = kept; // each point is looked at by few: what is taken leaves its cell
      }
    made.x.push(sumX / met);
    made.y.push(sumY / met);
    made.from.push(made.members.length);
  }
  return made;
}
