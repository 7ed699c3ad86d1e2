// The scale bar: a round length as it is in the middle of the map, on the ground and not on the Mercator sheet.
import { byId } from "./elements.js";
import { metresBetween } from "./geodesic.js";

const WIDEST = 110; // pixels

export function startScale(page) {
  const bar = byId("scale-bar");
  const words = byId("scale-words");
  const draw = () => {
    const { map } = page;
    const middle = map.getSize().divideBy(2);
    const [a, b] = [map.containerPointToLatLng(middle), map.containerPointToLatLng(middle.add([WIDEST, 0]))];
    const most = metresBetween([a.lng, a.lat], [b.lng, b.lat]);
    const ten = Math.pow(10, Math.floor(Math.log10(most)));
    const metres = [5, 2, 1].map((one) => one * ten).find((one) => one <= most);
    bar.style.width = `${(WIDEST * metres) / most}px`;
    words.textContent = metres < 1000 ? `${metres} m` : `${metres / 1000} km`;
  };
  page.map.on("zoomend moveend resize", draw);
  draw();
  page.drawScale = draw;
}
