// Search: Chinese and codes anywhere in a title or key, pinyin initials of running characters (rml finds 人民路).
import { byId, button, make, told } from "./elements.js";
import { swatch } from "./swatch.js";
import { text } from "./unpack.js";
import { say } from "./words.js";

const MOST = 60; // results shown
const NONE = 99;

export function startSearch(page) {
  const box = byId("find");
  const list = byId("found");
  const clear = byId("find-clear");
  const readings = readingsOf(page.model.initials);
  const hint = page.model.hints.length ? say("find-like", { words: page.model.hints.slice(0, 3).join("、") }) : say("find");
  box.placeholder = hint;
  const close = () => {
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
  };
  const open = (hit) => {
    close();
    box.blur();
    page.open(hit.layer, hit.feature, { pans: true });
  };
  const look = () => {
    const wanted = folded(box.value);
    clear.hidden = !box.value;
    if (!wanted) return close();
    const found = find(page.model, wanted, readings);
    list.replaceChildren(...found.slice(0, MOST).map((hit) => resultRow(page, hit, open)));
    if (!found.length) list.append(make("p", "nothing", say("nothing")));
    if (found.length > MOST) list.append(make("p", "nothing", say("too-many", { count: found.length, shown: MOST })));
    list.hidden = false;
    list.scrollTop = 0;
    box.setAttribute("aria-expanded", "true");
  };
  box.addEventListener("input", look);
  box.addEventListener("focus", look);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "ArrowDown" && list.firstElementChild) list.firstElementChild.focus();
    if (event.key === "Enter" && list.querySelector("button")) list.querySelector("button").click();
  });
  list.addEventListener("keydown", (event) => {
    const next = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (!next) return;
    event.preventDefault();
    (document.activeElement[next] || box).focus();
  });
  clear.addEventListener("click", () => {
    box.value = "";
    look();
    box.focus();
  });
  page.map.on("click dragstart", close);
}

function resultRow(page, hit, open) {
  const { layer, feature } = hit;
  const row = button("result", undefined, () => open(hit));
  const words = make("span", "result-words");
  words.append(told(text(page.model, layer.titles, feature) || layer.title, "result-title"));
  const note = [layer.title, layer.kinds[layer.classes[feature]].title].filter((one, n, all) => one && all.indexOf(one) === n).join(" · ");
  words.append(told(note, "result-note"));
  row.append(swatch(layer, layer.classes[feature], page.tone()), words);
  return row;
}

// Lower case, half width, no blanks.
export function folded(words) {
  return words.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
}

// Character code → bits of the letters that its readings begin with.
export function readingsOf(initials) {
  const bits = new Uint32Array(65536);
  for (const letter of Object.keys(initials)) for (const one of initials[letter]) if (one.length === 1) bits[one.charCodeAt(0)] |= 1 << (letter.charCodeAt(0) - 97);
  for (let n = 0; n < 26; n++) bits[97 + n] |= 1 << n;
  return bits;
}

// Where the letters stand as initials, -1 for nowhere.
export function initialsAt(words, letters, readings) {
  for (let at = 0; at + letters.length <= words.length; at++) {
    let n = 0;
    while (n < letters.length && fits(words.charCodeAt(at + n), letters.charCodeAt(n), readings)) n++;
    if (n === letters.length) return at;
  }
  return -1;
}

function fits(code, letter, readings) {
  return code === letter || (letter >= 97 && letter <= 122 && (readings[code] & (1 << (letter - 97))) !== 0);
}

export function rankOf(words, wanted, byInitials, readings) {
  const at = words.indexOf(wanted);
  if (at >= 0) return words.length === wanted.length ? 0 : at === 0 ? 1 : 2;
  if (!byInitials) return NONE;
  const from = initialsAt(words, wanted, readings);
  return from < 0 ? NONE : from === 0 ? 3 : 4;
}

export function find(model, wanted, readings) {
  const byInitials = /[a-z]/.test(wanted);
  const ranks = new Map(); // many features share a text
  const rank = (number) => {
    if (!ranks.has(number)) ranks.set(number, rankOf(foldedText(model, number), wanted, byInitials, readings));
    return ranks.get(number);
  };
  const found = [];
  for (const layer of model.drawn.slice().reverse()) {
    if (layer.context) continue;
    for (let n = 0; n < layer.count; n++) {
      let best = rank(layer.titles[n]);
      if (best > 4 && layer.keys) best = Math.min(best, rank(layer.keys[n]) + 5);
      if (best < NONE) found.push({ layer, feature: n, best });
    }
  }
  return found.sort((a, b) => a.best - b.best || b.layer.isOn - a.layer.isOn || b.layer.order - a.layer.order || a.feature - b.feature);
}

function foldedText(model, number) {
  if (!model.folded) model.folded = new Array(model.texts.length);
  if (model.folded[number] === undefined) model.folded[number] = folded(model.texts[number]);
  return model.folded[number];
}
