// The guided tour: one step at a time, remembered in this browser, going on when one becomes the next step's person.
import { say, shown } from "./api.js";

const STEP = "workspace tour step";
const tour = document.getElementById("tour");
const steps = [...(tour?.querySelectorAll("li") || [])];
let at = 0;

export function startTour(opened) {
  if (!tour) return;
  at = Math.min(Number(localStorage.getItem(STEP)) || 0, steps.length - 1);
  const [now, next] = [steps[at], steps[at + 1]];
  if (next?.dataset.person === shown.as && now.dataset.person !== shown.as) at += 1;
  show();
  opened(show);
  document.getElementById("tour-back").addEventListener("click", () => turn(-1));
  document.getElementById("tour-next").addEventListener("click", () => turn(1));
}

function turn(by) {
  if (at + by >= steps.length) return document.getElementById("tour-close").click();
  at = Math.max(0, at + by);
  show();
}

function show() {
  localStorage.setItem(STEP, at);
  steps.forEach((step, number) => (step.hidden = number !== at));
  document.getElementById("tour-progress").textContent = say("tour_step", { step: at + 1, steps: steps.length });
  document.getElementById("tour-back").disabled = at === 0;
  document.getElementById("tour-next").textContent = say(at + 1 < steps.length ? "tour_next" : "tour_done");
}
