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
    const bounds = inView(page);
    before = { centre: page.map.getCenter(), zoom: page.map.getZoom() };
    const north = page.map.project(bounds.getNorthWest());
    const south = page.map.project(bounds.getSouthEast());
    document.body.classList.toggle("is-tall-sheet", south.y - north.y > south.x - north.x);
    document.body.classList.add("is-printing");
    page.isPrinting = true;
    page.map.options.zoomSnap = 0;
    page.map.invalidateSize({ animate: false, pan: false });
    page.map.fitBounds(bounds, { animate: false, padding: [14, 14] });
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

// What of the data the window shows: empty ground around it needs no paper.
function inView(page) {
  const seen = page.map.getBounds();
  const all = page.extent;
  if (!all.intersects(seen)) return seen;
  const south = Math.max(seen.getSouth(), all.getSouth());
  const west = Math.max(seen.getWest(), all.getWest());
  return L.latLngBounds([south, west], [Math.min(seen.getNorth(), all.getNorth()), Math.min(seen.getEast(), all.getEast())]);
}

const SIZES = [8.5, 7.6, 6.8]; // points: a long legend is written smaller, then without what lies beneath

function fillSheet(page) {
  const { model } = page;
  byId("sheet-title").replaceChildren(told(model.title));
  byId("sheet-subtitle").replaceChildren(told(model.subtitle));
  const legend = byId("sheet-legend");
  const blocks = model.drawn.slice().reverse().map((layer) => legendBlock(page, layer)).filter(Boolean);
  const fits = (shown, sizes) => {
    legend.replaceChildren(...shown);
    return sizes.some((size) => {
      legend.style.fontSize = `${size}pt`;
      return legend.scrollHeight <= legend.clientHeight && legend.scrollWidth <= legend.clientWidth;
    });
  };
  if (!fits(blocks, SIZES)) fits(blocks.filter((one) => !one.classList.contains("is-context")), [...SIZES, 5.8]);
  const foot = [model.producer, say("data-time", { time: page.timeWords }), ...model.notes, page.isExpired ? say("expired", { day: model.expires }) : "", say("mercator-note")];
  byId("sheet-foot").replaceChildren(...foot.filter(Boolean).map((one) => told(one)));
}

// The classes of a layer that are on the sheet, null for none.
function legendBlock(page, layer) {
  if (!layer.isOn || !layer.count) return null;
  const tally = new Map();
  for (const feature of inFrame(layer, page.canvas.frame, 0)) if (isShown(layer, feature)) tally.set(layer.classes[feature], (tally.get(layer.classes[feature]) || 0) + 1);
  if (!tally.size) return null;
  const block = make("div", layer.context ? "sheet-layer is-context" : "sheet-layer");
  block.append(told(layer.title, "sheet-layer-title"));
  for (const kind of [...tally.keys()].sort((a, b) => a - b)) {
    const row = make("div", "sheet-kind");
    row.append(swatch(layer, kind, page.tone()), told(layer.kinds[kind].title || layer.title));
    if (!layer.context) row.append(make("span", "count", String(tally.get(kind))));
    block.append(row);
  }
  return block;
}
