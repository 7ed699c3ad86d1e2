// A class as a small picture, for the legend, lists and cards.
import { PER_MM, looked } from "./looks.js";
import { drawMark } from "./marks.js";

const SIDE = 26;

export function swatch(layer, kind, tone) {
  const canvas = document.createElement("canvas");
  canvas.className = "swatch";
  canvas.width = canvas.height = SIDE * 3;
  const ctx = canvas.getContext("2d");
  ctx.scale(3, 3);
  const look = looked(layer.kinds[kind].s, tone, layer);
  if (layer.geometry === "point") drawMark(ctx, look, SIDE / 2, SIDE / 2, Math.max(12, Math.min(20, look.sz * PER_MM * 1.15)));
  else if (layer.geometry === "line") line(ctx, look);
  else area(ctx, look);
  const badge = layer.kinds[kind].b;
  if (badge) drawMark(ctx, looked(badge, tone, layer), SIDE - 7, 7, 9);
  return canvas;
}

function line(ctx, look) {
  const stroke = (colour, width, dash) => {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(2, SIDE / 2);
    ctx.lineTo(SIDE - 2, SIDE / 2);
    ctx.stroke();
  };
  const width = Math.max(2, Math.min(7, look.w * PER_MM));
  if (look.c) stroke(look.c, width + 2, []);
  stroke(look.s, width, look.d.map((one) => one * PER_MM * 0.7));
}

function area(ctx, look) {
  ctx.beginPath();
  ctx.roundRect ? ctx.roundRect(3, 5, SIDE - 6, SIDE - 10, 3) : ctx.rect(3, 5, SIDE - 6, SIDE - 10);
  if (look.f) {
    ctx.fillStyle = look.f;
    ctx.fill();
  }
  if (look.h) {
    ctx.save();
    ctx.clip();
    ctx.strokeStyle = look.hc;
    ctx.lineWidth = 0.8;
    for (let n = -SIDE; n < SIDE * 2; n += 5) {
      ctx.beginPath();
      ctx.moveTo(n, SIDE);
      ctx.lineTo(n + SIDE, 0);
      ctx.stroke();
    }
    ctx.restore();
  }
  if (look.s) {
    ctx.beginPath();
    ctx.roundRect ? ctx.roundRect(3, 5, SIDE - 6, SIDE - 10, 3) : ctx.rect(3, 5, SIDE - 6, SIDE - 10);
    ctx.strokeStyle = look.s;
    ctx.lineWidth = Math.max(1, Math.min(2.4, look.w * PER_MM));
    ctx.setLineDash(look.d.map((one) => one * PER_MM * 0.6));
    ctx.stroke();
  }
}
