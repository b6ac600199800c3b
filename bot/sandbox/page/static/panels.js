// What can be opened beside the conversation: the sidebar on a narrow screen, the tour, the wire log.
const narrow = window.matchMedia("(max-width: 800px)");

// `key` remembers in `store` whether it is open; `first` is where it starts. Answers a way to hear of its opening.
export function panel(name, { store, first = false } = {}) {
  const element = document.getElementById(name);
  const button = document.getElementById("open-" + name);
  if (!element || !button) return () => {};
  const key = "workspace " + name;
  const heard = [];
  const set = (open) => {
    element.hidden = !open;
    button.setAttribute("aria-expanded", open);
    if (open) heard.forEach((hear) => hear());
  };
  const turn = (open) => {
    store?.setItem(key, open ? "open" : "closed");
    set(open);
    if (!open) button.focus();
  };
  button.addEventListener("click", () => turn(element.hidden));
  element.addEventListener("click", (event) => event.target.closest(`#close-${name}, #${name}-close`) && turn(false));
  element.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && turn(false));
  const held = store?.getItem(key);
  set(held ? held === "open" : first);
  return (hear) => {
    heard.push(hear);
    if (!element.hidden) hear();
  };
}

// On a narrow screen the sidebar lies over the conversation and closes when one has chosen.
export function startSidebar() {
  const button = document.getElementById("open-sidebar");
  const set = (open) => {
    document.body.classList.toggle("sidebar-open", open);
    button.setAttribute("aria-expanded", open);
    document.querySelector("main").inert = open && narrow.matches;
    if (open) document.getElementById("who").focus();
  };
  button.addEventListener("click", () => set(!document.body.classList.contains("sidebar-open")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !document.body.classList.contains("sidebar-open")) return;
    set(false);
    button.focus();
  });
  document.addEventListener("click", (event) => {
    if (document.body.classList.contains("sidebar-open") && !event.target.closest("#sidebar, #open-sidebar")) set(false);
  });
}
