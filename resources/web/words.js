// The words of the page, from the block that Python wrote: they are the catalogue's, not this file's.
const words = JSON.parse(document.getElementById("words").textContent);

export function say(key, values) {
  const text = words[key] === undefined ? key : words[key];
  return values ? text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all)) : text;
}

// Words of the fixed elements: data-word is their text, data-hint their name for a screen reader and a mouse.
export function fillWords(root) {
  for (const one of root.querySelectorAll("[data-word]")) one.textContent = say(one.dataset.word);
  for (const one of root.querySelectorAll("[data-hint]")) {
    one.setAttribute("aria-label", say(one.dataset.hint));
    one.title = say(one.dataset.hint);
  }
  for (const one of root.querySelectorAll("[data-ghost]")) one.placeholder = say(one.dataset.ghost);
}
