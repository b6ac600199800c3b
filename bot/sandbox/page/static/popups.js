// The shell's small menus: a button opens one, arrows walk in it, Esc and a click elsewhere close it.
const ITEMS = "a[href], button:not([disabled]), input:not([disabled])";
let open = null;

export function startPopups() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-menu], button[aria-controls][aria-expanded]");
    const menu = button && menuOf(button);
    if (menu) return button === now()?.button ? close() : show(button, menu);
    const { menu: shown } = now() || {};
    if (shown && (!shown.contains(event.target) || event.target.closest("[data-shortcut], [data-to]"))) close();
  });
  document.addEventListener("keydown", (event) => {
    const { button, menu } = now() || {};
    if (!menu || event.defaultPrevented) return;
    if (event.key === "Escape") {
      event.preventDefault();
      close();
      button.focus();
    } else if (menu.contains(document.activeElement)) walk(menu, event);
  });
  document.addEventListener("submit", (event) => now()?.menu.contains(event.target) && close());
}

// The region may have been drawn again meanwhile: what has an id is looked up.
function now() {
  const current = (element) => document.getElementById(element.id) || element;
  return open && { button: current(open.button), menu: current(open.menu) };
}

// A message's menu is a copy within the message: its shortcuts are about the place they stand in.
function menuOf(button) {
  if (!button.dataset.menu) {
    const found = document.getElementById(button.getAttribute("aria-controls"));
    return found?.matches(".popup, .steps") ? found : null;
  }
  const copy = document.getElementById(button.dataset.menu).cloneNode(true);
  copy.removeAttribute("id");
  return copy;
}

function show(button, menu) {
  close();
  if (!menu.id) button.parentElement.append(menu);
  menu.classList.toggle("up", button.getBoundingClientRect().bottom > window.innerHeight * 0.6);
  menu.classList.add("open");
  menu.hidden = false;
  button.setAttribute("aria-expanded", "true");
  open = { button, menu };
  (menu.querySelector("[aria-current]") || menu.querySelector(ITEMS))?.focus();
}

function close() {
  const { button, menu } = now() || {};
  open = null;
  if (!button) return;
  button.setAttribute("aria-expanded", "false");
  menu.classList.remove("open");
  if (!menu.id) menu.remove();
  else if (menu.matches(".popup")) menu.hidden = true;
}

function walk(menu, event) {
  const items = [...menu.querySelectorAll(ITEMS)].filter((one) => one.offsetParent);
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined || document.activeElement.matches("input[type=datetime-local]")) return;
  event.preventDefault();
  items.at(to % items.length).focus();
}
