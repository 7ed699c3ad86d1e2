// What is known of one feature: a card at the side, on a phone a sheet from below. The important lines first, the rest behind 更多.
import { byId, button, isNarrow, make, told } from "./elements.js";
import { swatch } from "./swatch.js";
import { text } from "./unpack.js";
import { say } from "./words.js";

const NUMBER = /\+?\d[\d -]{5,}\d/g;
const LONG = 160; // characters: a longer text is folded

export function cardOf(page, layer, feature, others) {
  const { model } = page;
  const whole = make("div", "card-inside");
  const head = make("header", "card-head");
  const words = make("div", "card-words");
  words.append(told(layer.title, "card-layer"), told(text(model, layer.titles, feature) || layer.kinds[layer.classes[feature]].title || layer.title, "card-title"));
  head.append(swatch(layer, layer.classes[feature], page.tone()), words);
  whole.append(head);
  if (page.patrolForm && layer.ticked) whole.append(page.patrolForm(layer, feature));
  const rows = layer.columns.map(([title, kind], number) => ({ title, kind, value: text(model, layer.values[number], feature) }));
  const lines = make("dl", "lines");
  const brief = rows.slice(0, layer.brief).filter((row) => row.value);
  const rest = rows.slice(layer.brief).filter((row) => row.value);
  lines.append(...brief.map((row) => line(page, layer, feature, row)));
  whole.append(lines);
  if (rest.length) {
    const more = button("more", say("more", { count: rest.length }), () => {
      lines.append(...rest.map((row) => line(page, layer, feature, row)));
      more.remove();
      byId("card").classList.add("is-tall");
    });
    whole.append(more);
  }
  if (!brief.length && !rest.length) lines.append(make("p", "nothing", say("no-more")));
  if (others.length) whole.append(button("others", say("others", { count: others.length }), () => page.openList(others)));
  return whole;
}

function line(page, layer, feature, { title, kind, value }) {
  const row = make("div", `line is-${kind}`);
  const said = make("dd");
  row.append(told(title, "line-title"), said);
  if (kind === "phone") phones(said, value);
  else if (kind === "state") said.append(swatch(layer, layer.classes[feature], page.tone()), told(value));
  else if (value.length > LONG) long(said, value);
  else said.append(told(value));
  return wrapped(row);
}

function wrapped(row) {
  const title = row.firstChild;
  const term = make("dt");
  row.replaceChild(term, title);
  term.append(title);
  return row;
}

// Numbers become links to the telephone; a masked one (138****0000) has no number to call.
function phones(said, value) {
  let at = 0;
  for (const found of value.matchAll(NUMBER)) {
    if (found.index > at) said.append(told(value.slice(at, found.index)));
    const link = told(found[0]);
    const call = make("a", "call");
    call.href = `tel:${found[0].replace(/[^\d+]/g, "")}`;
    call.append(link);
    said.append(call);
    at = found.index + found[0].length;
  }
  if (at < value.length) said.append(told(value.slice(at)));
}

function long(said, value) {
  const whole = told(value, "long is-folded");
  const unfold = button("unfold", say("unfold"), () => {
    whole.classList.remove("is-folded");
    unfold.remove();
  });
  said.append(whole, unfold);
}

// The panel that holds cards and lists. Swiped or dragged by its handle on a phone.
export function startPanel(page) {
  const panel = byId("card");
  const body = byId("card-body");
  const handle = byId("card-handle");
  let history = [];
  const show = (inside, tall) => {
    body.replaceChildren(inside);
    panel.hidden = false;
    panel.classList.toggle("is-tall", Boolean(tall));
    body.scrollTop = 0;
    document.body.classList.add("has-card");
  };
  page.close = ({ byProgram = false } = {}) => {
    if (page.selected) page.tell("selected", null, null, byProgram);
    panel.hidden = true;
    history = [];
    document.body.classList.remove("has-card");
    page.selected = null;
    page.canvas.paintOver();
  };
  page.open = (layer, feature, { pans = false, byProgram = false, others = [], back = null } = {}) => {
    page.closeMenus();
    page.reveal(layer, feature);
    page.selected = { layer, feature };
    byId("card-back").hidden = !back;
    history = back ? [back] : [];
    show(cardOf(page, layer, feature, others), false);
    if (pans) page.bringIntoView(layer, feature);
    page.canvas.paintOver();
    page.tell("selected", layer, feature, byProgram);
  };
  page.openList = (items, title = say("here-count", { count: items.length.toLocaleString("zh-CN") }), over = say("here")) => {
    page.closeMenus();
    page.selected = null;
    byId("card-back").hidden = true;
    const list = listOf(page, items, [over, title], (item) => page.open(item.layer, item.feature, { back: () => page.openList(items, title, over) }));
    show(list, items.length > 4);
    page.canvas.paintOver();
  };
  byId("card-back").addEventListener("click", () => history.length && history.pop()());
  byId("card-close").addEventListener("click", () => page.close());
  drag(panel, handle, page);
}

const STEP = 100; // rows of a list at a time

function listOf(page, items, [over, title], open) {
  const whole = make("div", "card-inside");
  const head = make("header", "card-head");
  const words = make("div", "card-words");
  words.append(make("span", "card-layer", over), make("span", "card-title", title));
  head.append(words);
  const rows = make("div", "rows");
  let shown = 0;
  const more = button("more", "", () => add());
  const add = () => {
    for (const item of items.slice(shown, shown + STEP)) rows.append(rowOf(page, item, open));
    shown = Math.min(items.length, shown + STEP);
    more.hidden = shown >= items.length;
    more.textContent = say("next-rows", { count: Math.min(STEP, items.length - shown), rest: (items.length - shown).toLocaleString("zh-CN") });
  };
  add();
  whole.append(head, rows, more);
  return whole;
}

function rowOf(page, item, open) {
  const { layer, feature } = item;
  const row = button("result", undefined, () => open(item));
  const words = make("span", "result-words");
  const title = text(page.model, layer.titles, feature) || layer.title;
  const at = layer.columns.findIndex(([, kind]) => kind === "long");
  const long = at < 0 ? "" : text(page.model, layer.values[at], feature);
  const note = [layer.kinds[layer.classes[feature]].title, long === title ? "" : long.slice(0, 60)].filter(Boolean).join(" · ") || layer.title;
  words.append(told(title, "result-title"), told(note, "result-note"));
  row.append(swatch(layer, layer.classes[feature], page.tone()), words);
  const mark = page.markOf ? page.markOf(layer, feature) : "";
  if (mark) row.append(make("span", `tick is-${mark}`, say(mark)));
  return row;
}

function drag(panel, handle, page) {
  let from = null;
  handle.addEventListener("pointerdown", (event) => {
    from = event.clientY;
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (from !== null && isNarrow()) panel.style.transform = `translateY(${Math.max(0, event.clientY - from)}px)`;
  });
  const end = (event) => {
    if (from === null) return;
    const moved = event.clientY - from;
    from = null;
    panel.style.transform = "";
    if (moved > 60) panel.classList.contains("is-tall") && moved < 260 ? panel.classList.remove("is-tall") : page.close();
    else if (moved < -20 || Math.abs(moved) < 6) panel.classList.toggle("is-tall", moved < -20 || !panel.classList.contains("is-tall"));
  };
  handle.addEventListener("pointerup", end);
  handle.addEventListener("pointercancel", end);
}
