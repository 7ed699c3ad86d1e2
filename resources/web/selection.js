// What is selected, and how it is seen on the map.
import { clustersOf, discSize } from "./clusters.js";
import { sizeShare, usual } from "./looks.js";
import { markSize } from "./marks.js";
import { placeOf } from "./unpack.js";

const COLOUR = "#0a66d8";

export function startSelection(page) {
  page.selected = null;
  page.canvas.more.push((ctx, frame) => {
    if (page.selected) paintSelected(ctx, frame, page);
  });
}

function paintSelected(ctx, frame, page) {
  const { layer, feature } = page.selected;
  ctx.lineJoin = ctx.lineCap = "round";
  if (layer.geometry === "point") {
    const at = placeOf(layer, feature);
    if (!at) return;
    const found = clustersOf(page, layer, frame.zoom);
    const number = groupOf(found, feature);
    const many = number < 0 ? 1 : found.from[number + 1] - found.from[number];
    const [wx, wy] = many > 1 ? [found.x[number], found.y[number]] : at;
    const size = many > 1 ? discSize(many) : markSize(usual(layer.kinds[layer.classes[feature]].s), sizeShare(frame.denominator)) / 2;
    ctx.beginPath();
    ctx.arc(wx * frame.scale - frame.left, wy * frame.scale - frame.top, size + 6, 0, Math.PI * 2);
    ctx.fillStyle = "rgba(10, 102, 216, 0.16)";
    ctx.fill();
    ctx.lineWidth = 3;
    ctx.strokeStyle = COLOUR;
    ctx.stroke();
    return;
  }
  const { runs, starts, xy } = layer;
  ctx.beginPath();
  for (let run = runs[feature]; run < runs[feature + 1]; run++) {
    for (let n = starts[run]; n < starts[run + 1]; n++) {
      const [x, y] = [xy[n * 2] * frame.scale - frame.left, xy[n * 2 + 1] * frame.scale - frame.top];
      if (n === starts[run]) ctx.moveTo(x, y);
      else ctx.lineTo(x, y);
    }
    if (layer.geometry === "polygon") ctx.closePath();
  }
  if (layer.geometry === "polygon") {
    ctx.fillStyle = "rgba(10, 102, 216, 0.1)";
    ctx.fill("evenodd");
  }
  ctx.lineWidth = 7;
  ctx.strokeStyle = "rgba(255, 255, 255, 0.85)";
  ctx.stroke();
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = COLOUR;
  ctx.stroke();
}

export function groupOf(found, feature) {
  const at = found.members.indexOf(feature);
  if (at < 0) return -1;
  let [low, high] = [0, found.from.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (found.from[middle] <= at) low = middle;
    else high = middle;
  }
  return low;
}
