// 我的位置: where the browser permits it; what it does not is said once and quietly.
import { byId, pressed, toast } from "./elements.js";
import { say } from "./words.js";

export function startWhereabouts(page) {
  const tool = byId("tool-here");
  if (!navigator.geolocation) {
    tool.hidden = true;
    return;
  }
  let watch = null;
  let place = null;
  const stop = () => {
    navigator.geolocation.clearWatch(watch);
    watch = place = null;
    pressed(tool, false);
    page.canvas.paintOver();
  };
  tool.addEventListener("click", () => {
    if (watch !== null) return stop();
    pressed(tool, true);
    watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        const isFirst = !place;
        place = coords;
        if (isFirst) page.map.setView([coords.latitude, coords.longitude], Math.max(page.map.getZoom(), 16));
        page.canvas.paintOver();
      },
      () => {
        stop();
        toast(say("no-place"));
      },
      { enableHighAccuracy: true, maximumAge: 5000, timeout: 20000 },
    );
  });
  page.canvas.more.push((ctx, frame) => {
    if (!place) return;
    const { x, y } = page.map.project([place.latitude, place.longitude], frame.zoom).subtract([frame.left, frame.top]);
    ctx.beginPath();
    ctx.arc(x, y, Math.min(place.accuracy / frame.metres, 2000), 0, Math.PI * 2);
    ctx.fillStyle = "rgba(24, 119, 242, 0.12)";
    ctx.fill();
    ctx.beginPath();
    ctx.arc(x, y, 8, 0, Math.PI * 2);
    ctx.fillStyle = "#1877f2";
    ctx.fill();
    ctx.lineWidth = 3;
    ctx.strokeStyle = "#ffffff";
    ctx.stroke();
  });
}
