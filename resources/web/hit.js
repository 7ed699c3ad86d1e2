// What lies under a finger: marks first, then lines, then areas; the layers on top first.
import { clustersOf, discSize } from "./clusters.js";
import { isShown } from "./unpack.js";

const FINGER = 20; // pixels
const EDGE = 11;

// [{ layer, feature }] or [{ layer, members }] for marks that stand for several, the likeliest first. x, y: steps; scale: pixels a step.
export function hits(page, x, y, scale, zoom) {
  const layers = page.model.drawn.filter((one) => one.isOn && one.count && !one.context).reverse();
  const points = [];
  const lines = [];
  const areas = [];
  for (const layer of layers) {
    if (layer.geometry === "point") points.push(...marks(layer, x, y, scale, zoom, page));
    else {
      const reach = EDGE / scale;
      for (const feature of layer.grid.within(x - reach, y - reach, x + reach, y + reach)) {
        if (!isShown(layer, feature)) continue;
        if (layer.geometry === "line") {
          const far = distance(layer, feature, x, y) * scale;
          if (far <= EDGE) lines.push({ layer, feature, far });
        } else if (isInside(layer, feature, x, y)) areas.push({ layer, feature });
      }
    }
  }
  points.sort((a, b) => a.far - b.far);
  lines.sort((a, b) => a.far - b.far);
  return [...points, ...lines, ...areas];
}

function marks(layer, x, y, scale, zoom, page) {
  const found = clustersOf(page, layer, zoom);
  const made = [];
  for (let n = 0; n < found.x.length; n++) {
    const far = Math.hypot(found.x[n] - x, found.y[n] - y) * scale;
    const many = found.from[n + 1] - found.from[n];
    if (far > Math.max(FINGER, many > 1 ? discSize(many) + 4 : 0)) continue;
    const members = found.members.slice(found.from[n], found.from[n + 1]);
    made.push(many > 1 ? { layer, members, far } : { layer, feature: members[0], far });
  }
  return made;
}

function distance(layer, feature, x, y) {
  const { runs, starts, xy } = layer;
  let least = Infinity;
  for (let run = runs[feature]; run < runs[feature + 1]; run++)
    for (let n = starts[run]; n < starts[run + 1] - 1; n++) {
      const [x0, y0, x1, y1] = [xy[n * 2], xy[n * 2 + 1], xy[n * 2 + 2], xy[n * 2 + 3]];
      const [dx, dy] = [x1 - x0, y1 - y0];
      const along = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
      least = Math.min(least, Math.hypot(x0 + along * dx - x, y0 + along * dy - y));
    }
  return least;
}

function isInside(layer, feature, x, y) {
  const { runs, starts, xy } = layer;
  let inside = false;
  for (let run = runs[feature]; run < runs[feature + 1]; run++) {
    let last = starts[run + 1] - 1;
    for (let n = starts[run]; n < starts[run + 1]; last = n++) {
      const [x0, y0, x1, y1] = [xy[n * 2], xy[n * 2 + 1], xy[last * 2], xy[last * 2 + 1]];
      if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) inside = !inside;
    }
  }
  return inside;
}
