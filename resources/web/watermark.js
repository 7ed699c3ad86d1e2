// The watermark, over the whole map and on paper too: written slantwise again and again, faint enough to read the map through it.
import { byId } from "./elements.js";
import { FACE } from "./marks.js";

export function startWatermark(page) {
  const words = page.model.watermark;
  if (!words) return;
  const canvas = byId("watermark");
  const draw = () => {
    const { x, y } = page.map.getSize();
    canvas.width = x;
    canvas.height = y;
    write(canvas.getContext("2d"), words, x, y, page.tone() === "night" ? "rgba(255, 255, 255, 0.08)" : "rgba(30, 41, 59, 0.09)");
  };
  canvas.hidden = false;
  page.map.on("resize", draw);
  page.night.addEventListener("change", draw);
  page.heard("sheet", (ctx, frame) => write(ctx, words, frame.width, frame.height, "rgba(30, 41, 59, 0.11)"));
  draw();
}

function write(ctx, words, width, height, colour) {
  ctx.save();
  ctx.font = `600 17px ${FACE}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.fillStyle = colour;
  ctx.rotate(-0.42);
  const across = ctx.measureText(words).width + 130;
  for (let row = 0, top = 0; top < height * 2 + width; top += 140, row++)
    for (let left = -height - ((row & 1) * across) / 2; left < width + height; left += across) ctx.fillText(words, left, top);
  ctx.restore();
}
