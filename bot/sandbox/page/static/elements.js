// Block elements: a press or a choice becomes an "act" event with {action_id, value}, after the confirm dialog
// where the element has one. What is only filled in stays in the page until the form is sent.

import { closeMenu, menus } from "./menus.js";
import { searches } from "./search.js";
import { valueOf } from "./values.js";

const PAUSE = 400;
const told = new WeakMap();
const waiting = new WeakMap();

// Call it once for an element that stays, such as the document; what is put into it later is heard as well.
export function listen(root) {
  root.addEventListener("click", pressed);
  root.addEventListener("change", changed);
  root.addEventListener("chosen", (event) => acting(event, tell));
  root.addEventListener("input", written);
  root.addEventListener("compositionend", written);
  root.addEventListener("keydown", typed);
  root.addEventListener("focusout", left);
  root.addEventListener("toggle", toggled, true);
  menus(root);
  searches(root);
}

// -- to press

async function pressed(event) {
  const button = event.target.closest("[data-act=press]");
  if (!button) return;
  const act = actFrom(button);
  closeMenu(button);
  if (!(await agreed(button))) return;
  if (button.dataset.url) window.open(button.dataset.url, "_blank", "noreferrer");
  act(button.dataset.action, button.dataset.value);
}

// The page may have been drawn again while a question was open: then the act comes from the same place as it is now.
export function actFrom(source) {
  const place = source.closest("[data-place]")?.dataset.place;
  return (action_id, value) => {
    const now = [...document.querySelectorAll("[data-place]")].find((one) => one.dataset.place === place);
    const from = source.isConnected ? source : now;
    from?.dispatchEvent(new CustomEvent("act", { bubbles: true, detail: { action_id, value } }));
  };
}

// -- to choose and to write

function acting(event, act) {
  const control = event.target.closest?.(".control[data-acts]");
  if (control) act(control, event.target);
}

async function tell(control) {
  const value = await valueOf(control);
  const words = JSON.stringify(value);
  if (value === null || words === told.get(control)) return;
  const act = actFrom(control);
  if (!(await agreed(control))) return restore(control);
  told.set(control, words);
  act(control.dataset.action, value);
}

function changed(event) {
  const list = event.target.closest(".choices[data-most]");
  if (list) limit(list);
  acting(event, (control, input) => {
    if (input.matches("select, input[type=radio], input[type=file]")) return tell(control);
    if (input.matches("[type=checkbox]") && !input.closest("[popover]")) return tell(control);
    // Typing a date goes through dates nobody means; Enter and leaving the field say that it is meant.
    if (input.matches(".moment") && !input.dataset.typed) return tell(control);
  });
}

function written(event) {
  const input = event.target;
  if (input.matches(".control .filter")) filter(input);
  if (input.matches(".control [data-most]")) count(input);
  acting(event, (control) => {
    // Half a word of an input method is none yet.
    if (!("each" in input.dataset) || event.isComposing) return;
    clearTimeout(waiting.get(control));
    waiting.set(control, setTimeout(() => tell(control), PAUSE));
  });
}

function typed(event) {
  const input = event.target;
  if (input.matches(".moment") && event.key !== "Tab") input.dataset.typed = "yes";
  if (event.key !== "Enter" || event.isComposing) return;
  if (input.matches(".control .filter")) event.preventDefault();
  if (!input.matches("input.line:not(.filter, .search)") || "each" in input.dataset) return;
  acting(event, (control) => {
    event.preventDefault();
    tell(control);
  });
}

function left(event) {
  if (!event.target.matches(".moment")) return;
  const meant = event.target.dataset.typed && event.target.value !== event.target.defaultValue;
  delete event.target.dataset.typed;
  if (meant) acting(event, tell);
}

async function toggled(event) {
  const control = event.target.closest?.(".control[data-acts]");
  if (!control || !event.target.matches("[popover]")) return;
  if (event.newState === "open") told.set(control, JSON.stringify(await valueOf(control)));
  else tell(control);
}

function restore(control) {
  for (const option of control.querySelectorAll("option")) option.selected = option.defaultSelected;
  for (const input of control.querySelectorAll("input, textarea")) {
    if (input.type === "checkbox" || input.type === "radio") input.checked = input.defaultChecked;
    else if (input.type !== "file") input.value = input.defaultValue;
  }
}

// -- lists and lengths

function limit(list) {
  const boxes = [...list.querySelectorAll("input")];
  const full = boxes.filter((one) => one.checked).length >= Number(list.dataset.most);
  for (const box of boxes) box.disabled = full && !box.checked;
}

function filter(input) {
  const list = input.nextElementSibling;
  const wanted = input.value.trim().toLowerCase();
  for (const one of list.querySelectorAll(".choice")) one.hidden = !one.textContent.toLowerCase().includes(wanted);
  for (const group of list.querySelectorAll(".group")) group.hidden = wanted !== "";
}

function count(input) {
  const shown = input.parentElement.querySelector(".count");
  const most = Number(input.dataset.most);
  const length = [...input.value].length;
  if (!shown) return;
  shown.textContent = `${length} / ${most}`;
  shown.hidden = length < most * 0.8;
  shown.classList.toggle("over", length > most);
}

// -- to ask first

function agreed(element) {
  const words = document.getElementById(element.dataset.confirm ?? "");
  if (!words) return Promise.resolve(true);
  const dialog = words.content.querySelector("dialog").cloneNode(true);
  document.body.append(dialog);
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("click", (event) => {
    const answer = event.target.closest("[data-answer]");
    if (answer) dialog.close(answer.dataset.answer);
  });
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "confirm");
    });
  });
}
