// Fetches the regions that changed and puts them in place: scroll position, focus and what is being typed stay.
import { answered, shown } from "./api.js";

const BOTTOM_PIXELS = 60;
export const swappers = { stream: merge, thread: merge };
export const known = { messages: null, wire: 0 };
let running = null;
let next = null;

// Looks again. Resolves when the page shows the workspace as it is at the time of the call, or later.
export function refresh() {
  if (!running) return (running = update().finally(() => (running = null)));
  next ??= running.then(() => {
    next = null;
    return refresh();
  });
  return next;
}

async function update() {
  const query = new URLSearchParams(Object.entries(shown).filter(([, value]) => value));
  const held = Object.fromEntries([...document.querySelectorAll("[data-region]")].map((one) => [one.dataset.region, one]));
  for (const [name, element] of Object.entries(held)) query.append("have", `${name}:${element.dataset.version}`);
  const answer = await answered("/_page/regions?" + query);
  if (answer.error) return answer;
  for (const [name, region] of Object.entries(answer.regions)) {
    (swappers[name] || replace)(held[name], region.html);
    held[name].dataset.version = region.version;
  }
  known.messages = answer.messages;
  known.wire = answer.wire;
  document.dispatchEvent(new CustomEvent("refreshed", { detail: Object.keys(answer.regions) }));
  return answer;
}

// A region of single controls: what is typed, opened or focused in it is found again by its id.
function replace(element, html) {
  const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  const typed = [...element.querySelectorAll("input[id]")].filter((one) => one.value !== one.defaultValue);
  const opened = [...element.querySelectorAll("[id][aria-expanded=true]")];
  const height = element.scrollTop;
  element.innerHTML = html;
  for (const old of typed) {
    const field = document.getElementById(old.id);
    if (field) field.value = old.value;
  }
  for (const old of opened) {
    const button = document.getElementById(old.id);
    button?.setAttribute("aria-expanded", "true");
    const controlled = document.getElementById(button?.getAttribute("aria-controls"));
    controlled?.removeAttribute("hidden");
    controlled?.classList.add("open");
  }
  element.scrollTop = height;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

// A list of items with ids: an item of the same version stays the very element it is.
function merge(list, html) {
  const scroller = list.closest(".stream");
  const mark = bookmark(scroller, list);
  const focused = list.contains(document.activeElement) ? document.activeElement.closest("[id][data-version]") : null;
  const kept = new Map([...list.children].map((one) => [one.id, one]));
  const wanted = [...parsed(html).children].map((fresh) => {
    const old = kept.get(fresh.id);
    if (!old) return fresh;
    if (old.dataset.version === fresh.dataset.version) return old;
    old.replaceWith(fresh);
    return fresh;
  });
  const staying = new Set(wanted);
  for (const one of [...list.children]) if (!staying.has(one)) one.remove();
  let place = list.firstElementChild;
  for (const one of wanted) {
    if (one === place) place = place.nextElementSibling;
    else list.insertBefore(one, place);
  }
  if (focused && !focused.isConnected) document.getElementById(focused.id)?.focus({ preventScroll: true });
  mark();
}

// Remembers what the reader looks at: the end, or the first item in sight.
function bookmark(scroller, list) {
  if (atEnd(scroller) && !list.querySelector(":scope > .home")) return () => (scroller.scrollTop = scroller.scrollHeight);
  const top = scroller.getBoundingClientRect().top;
  const first = [...list.children].find((one) => one.id && one.getBoundingClientRect().bottom > top && one.matches("article, .home"));
  const before = first?.getBoundingClientRect().top;
  return () => {
    const same = first && document.getElementById(first.id);
    if (same) scroller.scrollTop += same.getBoundingClientRect().top - before;
  };
}

export function atEnd(scroller) {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < BOTTOM_PIXELS;
}

function parsed(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}
