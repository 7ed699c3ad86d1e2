// A page with a password shows nothing of itself before it is typed.
import { byId } from "./elements.js";
import { canUnlock, unlocked } from "./opening.js";
import { say } from "./words.js";

export function askPassword() {
  const screen = byId("lock");
  const field = byId("password");
  const answer = byId("lock-answer");
  const go = byId("lock-open");
  byId("loading").hidden = true;
  screen.hidden = false;
  if (!canUnlock()) {
    answer.textContent = say("lock-missing");
    field.disabled = go.disabled = true;
    return new Promise(() => {});
  }
  field.focus();
  return new Promise((done) => {
    byId("lock-form").addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!field.value.trim() || go.disabled) return;
      go.disabled = true;
      answer.textContent = say("lock-working");
      try {
        const bytes = await unlocked(field.value);
        field.value = "";
        screen.remove();
        done(bytes);
      } catch (wrong) {
        answer.textContent = say("lock-wrong");
        go.disabled = false;
        field.select();
      }
    });
  });
}
