// 巡查: 已整改 or 未整改, a note and a photo's name for each feature that may be ticked; all of it in one file to send back.
// The form of the file is read by exchange/web/returned.py.
import { byId, button, make, toast } from "./elements.js";
import { keeper, stampOf } from "./keeping.js";
import { offerFile } from "./saving.js";
import { say } from "./words.js";

const NOTE_LENGTH = 500;

export function startPatrol(page) {
  const form = page.model.patrol;
  if (!form) return;
  document.body.classList.add("is-patrol");
  const kept = keeper(`chuangwen-patrol:${form.project}:${form.packet}:${form.data_time}`);
  const saved = kept.read() || {};
  const entries = new Map(Object.entries(saved.entries || {}));
  let patroller = saved.patroller || "";
  let isSaid = false;
  const keyOf = (layer, feature) => `${layer.id}\n${page.model.texts[layer.ids[feature]]}`;
  const ticked = [];
  for (const layer of page.model.layers) if (layer.ticked) for (let n = 0; n < layer.count; n++) ticked.push({ layer, feature: n });
  const known = new Set(ticked.map((one) => keyOf(one.layer, one.feature)));
  for (const key of [...entries.keys()]) if (!known.has(key)) entries.delete(key);

  const doneCount = () => [...entries.values()].filter((one) => one.result).length;
  const count = () => {
    byId("patrol-count").textContent = say("patrol-count", { done: doneCount(), all: ticked.length });
    byId("patrol-meter").max = ticked.length || 1;
    byId("patrol-meter").value = doneCount();
    byId("patrol-save").disabled = !doneCount();
  };
  const keep = () => {
    if (!kept.write({ patroller, entries: Object.fromEntries(entries) }) || (!kept.isLasting && !isSaid)) {
      toast(say("not-lasting"));
      isSaid = true;
    }
    count();
  };
  const set = (layer, feature, change) => {
    const key = keyOf(layer, feature);
    const one = Object.assign({ result: "", note: "", photo: "" }, entries.get(key), change, { at: stampOf(new Date()) });
    if (one.result || one.note || one.photo) entries.set(key, one);
    else entries.delete(key);
    keep();
  };

  page.markOf = (layer, feature) => (layer.ticked ? (entries.get(keyOf(layer, feature)) || {}).result || "" : "");

  page.patrolForm = (layer, feature) => {
    const now = entries.get(keyOf(layer, feature)) || {};
    const whole = make("div", "tick-form");
    const choices = make("div", "tick-choices");
    const more = make("div", "tick-more");
    const buttons = ["done", "not_done"].map((result) => {
      const one = button(`tick-choice is-${result}`, say(result), () => {
        const isOff = one.getAttribute("aria-pressed") === "true";
        buttons.forEach((other) => other.setAttribute("aria-pressed", String(other === one && !isOff)));
        more.hidden = isOff;
        set(layer, feature, { result: isOff ? "" : result });
        page.canvas.repaint();
      });
      one.setAttribute("aria-pressed", String(now.result === result));
      return one;
    });
    choices.append(...buttons);
    const note = make("textarea", "tick-note");
    note.maxLength = NOTE_LENGTH;
    note.rows = 2;
    note.placeholder = say("note");
    note.setAttribute("aria-label", say("note"));
    note.value = now.note || "";
    note.addEventListener("input", () => set(layer, feature, { note: note.value }));
    const photo = make("input", "tick-photo");
    photo.placeholder = say("photo");
    photo.setAttribute("aria-label", say("photo"));
    photo.maxLength = 200;
    photo.value = now.photo || "";
    photo.addEventListener("input", () => set(layer, feature, { photo: photo.value }));
    const file = make("input");
    file.type = "file";
    file.accept = "image/*";
    file.hidden = true;
    file.addEventListener("change", () => {
      if (!file.files.length) return;
      photo.value = file.files[0].name; // the name only: pictures go by WeChat as always
      set(layer, feature, { photo: photo.value });
    });
    const line = make("div", "tick-photo-line");
    line.append(photo, button("tick-pick", say("pick-photo"), () => file.click()), file);
    more.append(note, line);
    more.hidden = !now.result;
    whole.append(choices, more);
    return whole;
  };

  const saveFile = () => {
    const made = {
      format: "chuangwen-patrol",
      version: 1,
      project: form.project,
      packet: form.packet,
      subject: form.subject,
      data_time: form.data_time,
      saved_at: stampOf(new Date()),
      patroller,
      entries: ticked
        .map(({ layer, feature }) => ({ layer: layer.id, id: page.model.texts[layer.ids[feature]], one: entries.get(keyOf(layer, feature)) }))
        .filter(({ one }) => one && one.result)
        .map(({ layer, id, one }) => ({ layer, id, result: one.result, note: one.note, photo: one.photo, at: one.at })),
    };
    const name = `${say("return-name")}_${form.subject}_${made.saved_at.slice(0, 16).replace(/[-:T]/g, "")}.json`.replace(/[\\/:*?"<>|\s]+/g, "");
    offerFile(name, JSON.stringify(made, null, 1));
  };

  const todo = () => {
    const open = ticked.filter((one) => !page.markOf(one.layer, one.feature));
    const done = ticked.filter((one) => page.markOf(one.layer, one.feature));
    page.openList([...open, ...done], say("patrol-list", { open: open.length, done: done.length }), say("patrol-over"));
  };

  const who = byId("patroller");
  who.value = patroller;
  who.addEventListener("input", () => {
    patroller = who.value;
    keep();
  });
  byId("patrol-bar").hidden = false;
  byId("patrol-open").addEventListener("click", todo);
  byId("patrol-save").addEventListener("click", saveFile);
  count();
}
