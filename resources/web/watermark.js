// The watermark, over the whole map and on paper too: written slantwise again and again, faint enough to read the map through it.
import { byId } from "./elements.js";
import { FACE } from "./marks.js";

export function startWatermark(page) {
  const words = page.model.watermark;
  if (!words) return;
  const canvas = byId("watermark");
  const draw = () => {
    const { x, y } = page.map.getSize();
    const ratio = page.isPrinting ? 2 : 1;
    canvas.width = x * ratio;
    canvas.height = y * ratio;
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    ctx.font = `600 17px ${FACE}`;
    ctx.fillStyle = page.tone() === "night" ? "rgba(255, 255, 255, 0.11)" : "rgba(30, 41, 59, 0.12)";
    ctx.rotate(-0.42);
    const across = ctx.measureText(words).width + 90;
    for (let row = -1, top = -y; top < y * 2; top += 110, row++) for (let left = -y - ((row & 1) * across) / 2; left < x + y; left += across) ctx.fillText(words, left, top);
  };
  canvas.hidden = false;
  page.map.on("resize", draw);
  page.heard("frame", draw);
  draw();
}
