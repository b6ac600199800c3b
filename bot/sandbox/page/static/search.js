// External selects: the bot is asked what it offers for the words typed, and one or several of that are chosen.

import { stand } from "./menus.js";

const PAUSE = 200;

export function searches(root) {
  root.addEventListener("input", (event) => on(event, ".search", (input) => later(input)));
  root.addEventListener("focusin", (event) => on(event, ".search", (input) => later(input, 0)));
  root.addEventListener("focusout", (event) => on(event, ".search", left));
  root.addEventListener("keydown", (event) => on(event, ".search", (input) => typed(input, event)));
  // The focus stays in the field while something is chosen with the mouse.
  root.addEventListener("mousedown", (event) => on(event, ".offers", () => event.preventDefault()));
  root.addEventListener("click", (event) => {
    on(event, ".offers [role=option]", (one) => choose(one));
    on(event, ".chips .remove", (button) => removed(button.closest("li")));
  });
}

function on(event, selector, act) {
  const found = event.target.closest?.(selector);
  if (found) act(found);
}

const waiting = new WeakMap();
const asked = new WeakMap();

function later(input, pause = PAUSE) {
  clearTimeout(waiting.get(input));
  if (input.value !== input.dataset.words) delete input.dataset.value;
  const typed = input.value === input.dataset.words ? "" : input.value;
  if (typed.length < Number(input.dataset.least)) return close(input);
  waiting.set(input, setTimeout(() => ask(input, typed), pause));
}

async function ask(input, typed) {
  const place = JSON.parse(input.closest("[data-place]").dataset.place);
  const wish = { as: input.dataset.as, ...place, action_id: control(input).dataset.action, typed };
  const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wish) };
  asked.set(input, wish);
  const answer = await (await fetch("/_control/suggest", init)).json();
  // An answer that comes late, or to words that are no longer there, is not wanted any more.
  if (asked.get(input) === wish) show(input, answer);
}

function show(input, answer) {
  const chosen = chips(input).map((one) => one.dataset.value);
  const options = (answer.options ?? []).filter((one) => !chosen.includes(one.value));
  const list = offers(input);
  list.replaceChildren(...options.map((one, number) => offer(list, one, number)));
  if (!options.length) list.append(line("none", answer.error ?? input.dataset.nothing));
  // Above the page and not in it: nothing may move away under the hand that leaves the field.
  list.showPopover();
  list.style.width = `${input.offsetWidth}px`;
  stand(list);
  input.setAttribute("aria-expanded", "true");
  point(input, options.length ? 0 : -1);
}

function offer(list, option, number) {
  const item = line("", option.text);
  Object.assign(item, { id: `${list.id}-${number}`, role: "option" });
  item.dataset.value = option.value;
  return item;
}

function line(kind, text) {
  const item = document.createElement("li");
  item.className = kind;
  item.textContent = text;
  return item;
}

function typed(input, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const open = input.getAttribute("aria-expanded") === "true";
  if (step) {
    if (open) point(input, pointed(input) + step);
    else later(input, 0);
  } else if (event.key === "Enter") {
    const item = open && offers(input).children[pointed(input)];
    if (item) choose(item);
  } else if (event.key === "Escape" && open) {
    // Escape closes the list and not the form around it.
    event.stopPropagation();
    close(input);
  } else if (event.key === "Backspace" && !input.value && chips(input).length) {
    removed(chips(input).at(-1));
    return;
  } else return;
  event.preventDefault();
}

function pointed(input) {
  return [...offers(input).children].findIndex((one) => one.ariaSelected === "true");
}

function point(input, wanted) {
  const items = [...offers(input).querySelectorAll("[role=option]")];
  const number = Math.max(0, Math.min(wanted, items.length - 1));
  items.forEach((one, at) => { one.ariaSelected = String(at === number); });
  if (items[number]) {
    input.setAttribute("aria-activedescendant", items[number].id);
    items[number].scrollIntoView({ block: "nearest" });
  }
}

function choose(item) {
  const input = control(item).querySelector(".search");
  const list = control(item).querySelector(".chips");
  if (list) {
    const most = Number(input.dataset.most || Infinity);
    if (chips(input).length < most) list.append(chip(input, item));
    input.value = "";
  } else {
    input.value = input.dataset.words = item.textContent;
    input.dataset.value = item.dataset.value;
  }
  close(input);
  tell(input);
}

function chip(input, item) {
  const found = line("", item.textContent);
  found.dataset.value = item.dataset.value;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "remove", textContent: "×" });
  button.ariaLabel = `${input.dataset.remove} ${item.textContent}`;
  found.append(button);
  return found;
}

function removed(item) {
  const input = control(item).querySelector(".search");
  item.remove();
  input.focus();
  tell(input);
}

// Words that were typed and not chosen are worth nothing.
function left(input) {
  close(input);
  if (!input.dataset.value) input.value = "";
}

function close(input) {
  clearTimeout(waiting.get(input));
  asked.delete(input);
  offers(input).hidePopover();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function tell(input) {
  input.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
}

function control(element) {
  return element.closest(".control");
}

function offers(input) {
  return control(input).querySelector(".offers");
}

function chips(input) {
  return [...control(input).querySelectorAll(".chips li")];
}
