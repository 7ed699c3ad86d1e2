// A file of the page's own making: downloaded, or copied as text where the browser (WeChat's own) downloads nothing.
import { byId, toast } from "./elements.js";
import { say } from "./words.js";

export function offerFile(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  byId("saved-name").textContent = name;
  byId("saved-text").value = text;
  byId("saved").hidden = false;
}

async function copy() {
  const field = byId("saved-text");
  try {
    await navigator.clipboard.writeText(field.value);
  } catch (refused) {
    field.focus();
    field.select();
    if (!document.execCommand("copy")) return toast(say("copy-by-hand"));
  }
  toast(say("copied"));
}

export function startSaving() {
  byId("saved-copy").addEventListener("click", copy);
  byId("saved-close").addEventListener("click", () => (byId("saved").hidden = true));
}
