// Company time: forward to a landmark, by a day or a week, or to a chosen minute.
import { say } from "./api.js";
import { gesture, tellProblem } from "./gestures.js";
import { known } from "./regions.js";
import { toast } from "./toast.js";

const busy = document.getElementById("clock-busy");
let passing = false;

export function startClock() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".clock [data-to]");
    if (button) moveTo(button.dataset.to);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "clock-form") return;
    event.preventDefault();
    const { offset } = document.getElementById("clock-steps").dataset;
    moveTo(event.target.elements.to.value + ":00" + offset);
  });
}

async function moveTo(to) {
  if (passing) return;
  passing = mark(true);
  const before = known.messages;
  const answer = await gesture("clock", { to });
  passing = mark(false);
  if (answer.error) return tellProblem(answer);
  const count = known.messages - (before ?? known.messages);
  const when = document.querySelector(".clock .long").textContent;
  toast(`${say("arrived", { when })} · ${count ? say("news", { count }) : say("no_news")}`);
}

function mark(on) {
  document.body.classList.toggle("time-passes", on);
  busy.textContent = on ? say("busy") : "";
  return on;
}
