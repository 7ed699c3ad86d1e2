// Points that would lie on each other, as one mark with a number. Worked out for the whole layer at a zoom, so that moving the map changes nothing.
import { isShown } from "./unpack.js";

const APART = 17; // pixels between single marks on overviews
const CLOSE = 5; // where streets can be read: only what lies in one place
const CLOSE_FROM = 17.5; // zoom

// { x, y: Float64Array; first: feature; from: Uint32Array of ends into members } of the layer at a zoom
export function clustersOf(layer, zoom, version) {
  const key = `${zoom}.${version}`;
  if (layer.clusters && layer.clusters.key === key) return layer.clusters;
  layer.clusters = Object.assign(grouped(layer, (zoom >= CLOSE_FROM ? CLOSE : APART) * Math.pow(2, 20 - zoom)), { key });
  return layer.clusters;
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
