// Short words at the foot of the page. What went wrong stays until it is closed.
import { say } from "./api.js";

const SECONDS = 7;
const shelf = document.getElementById("toasts");

export function toast(text, { wrong = false } = {}) {
  for (const old of shelf.children) if (old.firstChild.textContent === text) old.remove();
  const slip = document.createElement("p");
  slip.className = wrong ? "toast wrong" : "toast";
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", say("close"));
  close.addEventListener("click", () => take(slip));
  const words = document.createElement("span");
  words.textContent = text;
  slip.append(words, close);
  raise();
  shelf.append(slip);
  if (!wrong) setTimeout(() => take(slip), SECONDS * 1000);
}

// Anew on top of an open dialog, which would hide it.
function raise() {
  if (shelf.matches(":popover-open")) shelf.hidePopover();
  shelf.showPopover();
}

function take(slip) {
  slip.remove();
  if (!shelf.children.length && shelf.matches(":popover-open")) shelf.hidePopover();
}
