// From the block in the page to its bytes: base64, the lock, deflate.
import { inflate } from "./inflate.js";

const block = document.getElementById("content");
export const isLocked = block.dataset.lock !== undefined;

function fromBase64(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let n = 0; n < raw.length; n++) bytes[n] = raw.charCodeAt(n);
  return bytes;
}

async function inflated(bytes) {
  let stream;
  try {
    stream = new DecompressionStream("deflate");
  } catch (missing) {
    return inflate(bytes);
  }
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

export function canUnlock() {
  return Boolean(window.crypto && window.crypto.subtle);
}

export async function content() {
  return inflated(fromBase64(block.textContent));
}

// Throws where the password is not the one.
export async function unlocked(password) {
  const [rounds, salt, nonce] = block.dataset.lock.split(".");
  const subtle = window.crypto.subtle;
  const typed = await subtle.importKey("raw", new TextEncoder().encode(password.trim()), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: fromBase64(salt), iterations: Number(rounds) };
  const key = await subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const plain = await subtle.decrypt({ name: "AES-GCM", iv: fromBase64(nonce) }, key, fromBase64(block.textContent));
  return inflated(new Uint8Array(plain));
}
