// Elements are made here and nowhere from a string: text can only ever be text.
export function byId(id) {
  return document.getElementById(id);
}

export function make(tag, name, text) {
  const one = document.createElement(tag);
  if (name) one.className = name;
  if (text !== undefined) one.textContent = text;
  return one;
}

// A text of the project: isolated, so that marks of direction in it turn nothing around it.
export function told(text, name) {
  return make("bdi", name, text);
}

export function pressed(button, isOn) {
  button.setAttribute("aria-pressed", isOn ? "true" : "false");
}

export function button(name, text, act) {
  const one = make("button", name, text);
  one.type = "button";
  one.addEventListener("click", act);
  return one;
}

let hiding = 0;
export function toast(text) {
  const one = byId("toast");
  one.textContent = text;
  one.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (one.hidden = true), 4000);
}

// A narrow screen has sheets from below, a wide one cards at the side; the style sheet has the same number.
export function isNarrow() {
  return window.innerWidth < 760;
}
