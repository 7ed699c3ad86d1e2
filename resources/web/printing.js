// Paper: A4, upright or across as the map is. The page itself becomes the sheet, the map is painted anew at 300 dpi, the legend has what is on it.
import { byId, make, told } from "./elements.js";
import { inFrame } from "./frame.js";
import { swatch } from "./swatch.js";
import { isShown } from "./unpack.js";
import { say } from "./words.js";

export function startPrinting(page) {
  const choice = byId("print-choice");
  let before = null;
  const prepare = () => {
    if (before) return;
    page.closeMenus();
    const bounds = page.map.getBounds();
    before = { centre: page.map.getCenter(), zoom: page.map.getZoom() };
    const north = page.map.project(bounds.getNorthWest());
    const south = page.map.project(bounds.getSouthEast());
    document.body.classList.toggle("is-tall-sheet", south.y - north.y > south.x - north.x);
    document.body.classList.add("is-printing");
    page.isPrinting = true;
    page.map.options.zoomSnap = 0;
    page.map.invalidateSize({ animate: false, pan: false });
    page.map.fitBounds(bounds, { animate: false, padding: [0, 0] });
    page.canvas.repaintNow();
    page.drawScale();
    fillSheet(page);
  };
  const restore = () => {
    if (!before) return;
    page.isPrinting = page.printsMono = false;
    document.body.classList.remove("is-printing", "is-tall-sheet");
    page.map.options.zoomSnap = 0.5;
    page.map.invalidateSize({ animate: false, pan: false });
    page.map.setView(before.centre, before.zoom, { animate: false });
    before = null;
    page.canvas.repaintNow();
  };
  window.addEventListener("beforeprint", prepare);
  window.addEventListener("afterprint", restore);
  const go = (mono) => {
    choice.hidden = true;
    page.printsMono = mono;
    window.print();
  };
  byId("print-colour").addEventListener("click", () => go(false));
  byId("print-mono").addEventListener("click", () => go(true));
  byId("tool-print").addEventListener("click", () => {
    const shows = choice.hidden;
    page.closeMenus();
    choice.hidden = !shows;
  });
}

function fillSheet(page) {
  const { model } = page;
  byId("sheet-title").replaceChildren(told(model.title));
  byId("sheet-subtitle").replaceChildren(told(model.subtitle));
  const legend = byId("sheet-legend");
  legend.replaceChildren();
  for (const layer of model.drawn.slice().reverse()) {
    if (!layer.isOn || !layer.count) continue;
    const tally = new Map();
    for (const feature of inFrame(layer, page.canvas.frame, 0)) if (isShown(layer, feature)) tally.set(layer.classes[feature], (tally.get(layer.classes[feature]) || 0) + 1);
    if (!tally.size) continue;
    const block = make("div", "sheet-layer");
    block.append(told(layer.title, "sheet-layer-title"));
    for (const kind of [...tally.keys()].sort((a, b) => a - b)) {
      const row = make("div", "sheet-kind");
      row.append(swatch(layer, kind, page.tone()), told(layer.kinds[kind].title || layer.title));
      if (!layer.context) row.append(make("span", "count", String(tally.get(kind))));
      block.append(row);
    }
    legend.append(block);
  }
  const foot = [model.producer, say("data-time", { time: page.timeWords }), ...model.notes, page.isExpired ? say("expired", { day: model.expires }) : "", say("mercator-note")];
  byId("sheet-foot").replaceChildren(...foot.filter(Boolean).map((one) => told(one)));
}
