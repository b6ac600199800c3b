// The modal on top. The browser's own dialog holds the focus in it; each change of it comes from the server.
import { say } from "./api.js";
import { carryOver, returnTo, spotIn } from "./carry.js";
import { readForm, showErrors } from "./forms.js";
import { gesture, problemOf } from "./gestures.js";
import { swappers } from "./regions.js";

const dialog = document.getElementById("modal");
const FIELDS = "input:not([type=hidden]):not([disabled]), textarea, select, [contenteditable]";
let opener = null;
// The view whose gesture has no answer yet. Meanwhile the one below may have come up, which takes its own.
let busy = null;
let composing = false;
let late = null;

export function startModals() {
  swappers.modal = draw;
  if (form()) show();
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target === form()) submit(form());
  });
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) closeView();
  });
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    closeView();
  });
  dialog.addEventListener("close", (event) => {
    if (event.target === dialog && form()) closeView();
  });
  dialog.addEventListener("compositionstart", () => (composing = true));
  dialog.addEventListener("compositionend", composed);
}

// A word that is being put together by an input method would be lost with its field.
function composed() {
  composing = false;
  const waiting = late;
  late = null;
  if (waiting) draw(...waiting);
}

const form = () => dialog.querySelector("#modal-form");

function draw(element, html) {
  if (composing) {
    late = [element, html];
    return;
  }
  const before = form();
  const spot = spotIn(before);
  element.innerHTML = html;
  if (form() && before?.dataset.view === form().dataset.view) {
    carryOver(before, form());
    if (returnTo(form(), spot)) return;
  }
  if (form()) return show();
  if (dialog.open) dialog.close();
  const place = opener?.isConnected ? opener : document.getElementById(opener?.closest("[id]")?.id) || document.getElementById("say");
  place?.focus({ preventScroll: true });
  opener = null;
}

function show() {
  if (!dialog.open) {
    opener = document.activeElement;
    dialog.showModal();
  }
  const first = [...form().querySelectorAll(`.content :is(${FIELDS})`)].find((one) => one.offsetParent);
  (first || form().querySelector("[data-submit], [data-close]")).focus();
}

async function submit(filled) {
  if (!begun(filled)) return;
  hold(filled, true);
  showErrors(filled, {});
  problem(filled, "");
  const answer = await gesture("submit", { view_id: filled.dataset.view, values: await readForm(filled) });
  hold(filled, false);
  answered(filled);
  const errors = answer.errors || (answer.field && { [answer.field]: say("refused", { error: answer.error }) });
  if (errors) problem(filled, showErrors(filled, errors).join("\n"));
  else if (answer.error === "dispatch_failed") problem(filled, say("modal_failed"));
  else problem(filled, problemOf(answer));
}

async function closeView() {
  const view = form();
  if (!view || !begun(view)) return;
  const answer = await gesture("close", { view_id: view.dataset.view });
  answered(view);
  problem(view, problemOf(answer));
}

function begun(view) {
  if (busy === view.dataset.view) return false;
  busy = view.dataset.view;
  return true;
}

function answered(view) {
  if (busy === view.dataset.view) busy = null;
}

function hold(filled, on) {
  filled.toggleAttribute("aria-busy", on);
  const button = filled.querySelector("[data-submit]");
  if (button) button.disabled = on;
}

function problem(filled, text) {
  const line = filled.querySelector(".problem");
  line.textContent = text;
  line.hidden = !text;
}
