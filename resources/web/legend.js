// The legend is the layer switch: each layer with how many it has, beneath it its classes with theirs.
import { byId, button, make, pressed, told } from "./elements.js";
import { swatch } from "./swatch.js";
import { say } from "./words.js";

const FOLDED_FROM = 9; // classes: a longer list is folded at first

export function startLegend(page) {
  const list = byId("layers");
  page.fillLegend = () => {
    list.replaceChildren(...page.model.drawn.slice().reverse().filter((one) => one.count).map((layer) => section(page, layer)));
    if (page.model.base) list.append(tileRow(page));
  };
  page.fillLegend();
  page.night.addEventListener("change", page.fillLegend);
}

function section(page, layer) {
  const whole = make("section", "layer");
  const head = button("layer-head", undefined, () => {
    layer.isOn = !layer.isOn;
    pressed(head, layer.isOn);
    whole.classList.toggle("is-off", !layer.isOn);
    page.layersChanged();
  });
  head.dataset.layer = layer.id;
  pressed(head, layer.isOn);
  whole.classList.toggle("is-off", !layer.isOn);
  const tally = shownKinds(layer);
  if (tally.length === 1) head.append(swatch(layer, tally[0], page.tone()));
  head.append(told(layer.title, "layer-title"), make("span", "count", layer.count.toLocaleString("zh-CN")), make("span", "switch"));
  whole.append(head);
  if (tally.length > 1) {
    const rows = make("div", "kinds");
    rows.append(...tally.map((kind) => kindRow(page, layer, kind)));
    if (tally.length >= FOLDED_FROM) {
      rows.hidden = true;
      const fold = button("fold", say("kinds", { count: tally.length }), () => {
        rows.hidden = !rows.hidden;
        fold.setAttribute("aria-expanded", String(!rows.hidden));
      });
      fold.setAttribute("aria-expanded", "false");
      whole.append(fold);
    }
    whole.append(rows);
  }
  return whole;
}

function shownKinds(layer) {
  return layer.kinds.map((_, kind) => kind).filter((kind) => layer.tally[kind]);
}

function kindRow(page, layer, kind) {
  const row = button("kind", undefined, () => {
    if (layer.off.has(kind)) layer.off.delete(kind);
    else layer.off.add(kind);
    pressed(row, !layer.off.has(kind));
    page.layersChanged();
  });
  pressed(row, !layer.off.has(kind));
  row.append(swatch(layer, kind, page.tone()), told(layer.kinds[kind].title || layer.title), make("span", "count", layer.tally[kind].toLocaleString("zh-CN")));
  return row;
}

function tileRow(page) {
  const whole = make("section", "layer");
  const head = button("layer-head", undefined, () => {
    page.switchTiles();
    pressed(head, page.hasTiles());
  });
  pressed(head, page.hasTiles());
  head.append(told(page.model.base.title, "layer-title"), make("span", "switch"));
  whole.append(head);
  return whole;
}
