// Points of a layer: single marks as stamps, those that would lie on each other as a disc with their number and a ring of their classes.
import { clustersOf, discSize } from "./clusters.js";
import { looked, sizeShare, usual } from "./looks.js";
import { FACE, markSize } from "./marks.js";
import { say } from "./words.js";

export function* paintPoints(ctx, layer, frame, page) {
  const found = clustersOf(page, layer, frame.zoom);
  const share = sizeShare(frame.denominator);
  const margin = 30;
  const discs = [];
  for (let n = 0; n < found.x.length; n++) {
    const x = found.x[n] * frame.scale - frame.left;
    const y = found.y[n] * frame.scale - frame.top;
    if (x < -margin || y < -margin || x > frame.width + margin || y > frame.height + margin) continue;
    if (found.from[n + 1] - found.from[n] > 1) {
      discs.push([n, x, y]);
      continue;
    }
    const feature = found.members[found.from[n]];
    const picture = page.stamps.picture(layer, layer.classes[feature], share, frame.tone, frame.ratio);
    ctx.drawImage(picture, x - picture.width / 2 / frame.ratio, y - picture.height / 2 / frame.ratio, picture.width / frame.ratio, picture.height / frame.ratio);
    const mark = page.markOf ? page.markOf(layer, feature) : "";
    if (mark) drawTick(ctx, x, y, markSize(usual(layer.kinds[layer.classes[feature]].s), share), mark);
    if (n % 200 === 199) yield;
  }
  yield;
  for (let n = 0; n < discs.length; n++) {
    drawDisc(ctx, layer, found, discs[n], frame);
    const mark = page.markOf && layer.ticked ? markOfAll(page, layer, found, discs[n][0]) : "";
    if (mark) drawTick(ctx, discs[n][1], discs[n][2], discSize(found.from[discs[n][0] + 1] - found.from[discs[n][0]]) * 2, mark);
    if (n % 40 === 39) yield;
  }
}

function drawDisc(ctx, layer, found, [number, x, y], frame) {
  const count = found.from[number + 1] - found.from[number];
  const tally = new Map();
  for (let n = found.from[number]; n < found.from[number + 1]; n++) {
    const kind = layer.classes[found.members[n]];
    tally.set(kind, (tally.get(kind) || 0) + 1);
  }
  const r = discSize(count);
  const dark = frame.tone === "night";
  ctx.beginPath();
  ctx.arc(x, y, r + 1, 0, Math.PI * 2);
  ctx.fillStyle = dark ? "#262b31" : "#ffffff";
  ctx.fill();
  if (frame.tone === "mono") {
    ctx.lineWidth = 1.4;
    ctx.strokeStyle = "#000000";
    ctx.stroke();
  } else {
    let angle = -Math.PI / 2;
    ctx.lineWidth = 3;
    for (const [kind, many] of [...tally].sort((a, b) => a[0] - b[0])) {
      const turn = (many / count) * Math.PI * 2;
      const look = looked(layer.kinds[kind].s, frame.tone, layer);
      ctx.beginPath();
      ctx.arc(x, y, r - 1, angle, angle + turn);
      ctx.strokeStyle = look.f || look.s || "#777777";
      ctx.stroke();
      angle += turn;
    }
  }
  ctx.fillStyle = dark ? "#e8ebee" : "#1f2a37";
  ctx.font = `600 ${r < 13 ? 11 : 12}px ${FACE}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(count < 10000 ? count : say("ten-thousands", { count: (count / 10000).toFixed(1) }), x, y + 0.5);
}

// Of a disc: nothing while one of its members was not looked at; 未整改 where one of them is so.
function markOfAll(page, layer, found, number) {
  let all = "done";
  for (let n = found.from[number]; n < found.from[number + 1]; n++) {
    const mark = page.markOf(layer, found.members[n]);
    if (!mark) return "";
    if (mark === "not_done") all = mark;
  }
  return all;
}

// 已整改 a green disc with a tick, 未整改 a red one with a bar: shapes tell them apart on any printer.
function drawTick(ctx, x, y, size, mark) {
  const [cx, cy, r] = [x + size * 0.45, y + size * 0.45, 6.5];
  ctx.beginPath();
  ctx.arc(cx, cy, r, 0, Math.PI * 2);
  ctx.fillStyle = mark === "done" ? "#1b8a4b" : "#c62828";
  ctx.fill();
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = "#ffffff";
  ctx.stroke();
  ctx.lineWidth = 1.9;
  ctx.beginPath();
  if (mark === "done") {
    ctx.moveTo(cx - 3, cy + 0.2);
    ctx.lineTo(cx - 0.8, cy + 2.4);
    ctx.lineTo(cx + 3.2, cy - 2.2);
  } else {
    ctx.moveTo(cx - 3, cy);
    ctx.lineTo(cx + 3, cy);
  }
  ctx.stroke();
}
