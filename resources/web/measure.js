// Measuring: each touch is a corner; a length, or the area inside.
import { byId, pressed } from "./elements.js";
import { areaOf, areaWords, lengthWords, metresBetween } from "./geodesic.js";
import { say } from "./words.js";

export function startMeasure(page) {
  const bar = byId("measure-bar");
  const answer = byId("measure-answer");
  let corners = [];
  let isArea = false;

  const tell = () => {
    const line = corners.map((one) => [one.lng, one.lat]);
    let metres = 0;
    for (let n = 1; n < line.length; n++) metres += metresBetween(line[n - 1], line[n]);
    if (isArea) answer.textContent = line.length > 2 ? areaWords(areaOf(line)) : say("measure-area-hint");
    else answer.textContent = line.length > 1 ? lengthWords(metres) : say("measure-hint");
    page.canvas.paintOver();
  };
  const choose = (area) => {
    isArea = area;
    pressed(byId("measure-length"), !area);
    pressed(byId("measure-area"), area);
    tell();
  };
  page.measuring = false;
  page.endMeasure = () => {
    page.measuring = false;
    corners = [];
    bar.hidden = true;
    pressed(byId("tool-measure"), false);
    document.body.classList.remove("is-measuring");
    page.canvas.paintOver();
  };
  byId("tool-measure").addEventListener("click", () => {
    if (page.measuring) return page.endMeasure();
    page.closeMenus();
    page.close();
    page.measuring = true;
    corners = [];
    bar.hidden = false;
    pressed(byId("tool-measure"), true);
    document.body.classList.add("is-measuring");
    choose(isArea);
  });
  byId("measure-length").addEventListener("click", () => choose(false));
  byId("measure-area").addEventListener("click", () => choose(true));
  byId("measure-undo").addEventListener("click", () => {
    corners.pop();
    tell();
  });
  byId("measure-end").addEventListener("click", () => page.endMeasure());
  page.map.on("click", (event) => {
    if (!page.measuring) return;
    corners.push(event.latlng);
    tell();
  });
  page.canvas.more.push((ctx, frame) => {
    if (!page.measuring || !corners.length) return;
    const places = corners.map((one) => page.map.project(one, frame.zoom).subtract([frame.left, frame.top]));
    ctx.beginPath();
    places.forEach(({ x, y }, n) => (n ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
    if (isArea) {
      ctx.closePath();
      ctx.fillStyle = "rgba(10, 102, 216, 0.14)";
      ctx.fill();
    }
    ctx.lineJoin = "round";
    for (const [colour, width] of [["#ffffff", 5], ["#0a66d8", 2.5]]) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.stroke();
    }
    for (const { x, y } of places) {
      ctx.beginPath();
      ctx.arc(x, y, 5, 0, Math.PI * 2);
      ctx.fillStyle = "#ffffff";
      ctx.fill();
      ctx.strokeStyle = "#0a66d8";
      ctx.lineWidth = 2.5;
      ctx.stroke();
    }
  });
}
