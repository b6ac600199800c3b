// Menus: they stand beside their button, are walked with the arrow keys, and go along when the page moves under them.

const GAP = 4;
const EDGE = 8;

export function menus(root) {
  root.addEventListener("toggle", opened, true);
  root.addEventListener("keydown", walked);
  root.addEventListener("scroll", scrolled, true);
}

export function closeMenu(element) {
  element.closest("[popover]")?.hidePopover();
}

function opened(event) {
  const menu = event.target;
  if (!menu.matches?.(".menu[popover]") || event.newState !== "open") return;
  stand(menu);
  menu.querySelector("button, input")?.focus();
}

// Puts an open menu or list under what opened it, or above where there is more room.
export function stand(menu) {
  const id = CSS.escape(menu.id);
  const box = document.querySelector(`[popovertarget="${id}"], [aria-controls="${id}"]`).getBoundingClientRect();
  const lowest = window.innerHeight - menu.offsetHeight - EDGE;
  const above = box.top - menu.offsetHeight - GAP;
  const top = box.bottom + GAP <= lowest || above < EDGE ? Math.min(box.bottom + GAP, lowest) : above;
  const left = Math.min(box.left, window.innerWidth - menu.offsetWidth - EDGE);
  menu.style.top = `${Math.max(EDGE, top)}px`;
  menu.style.left = `${Math.max(EDGE, left)}px`;
}

function walked(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const menu = event.target.closest?.("[role=menu]");
  if (!menu || !step) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("[role=menuitem]")];
  items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
}

function scrolled(event) {
  for (const menu of document.querySelectorAll(".blocks :popover-open")) {
    if (!menu.contains(event.target)) stand(menu);
  }
}
