// What comes of a gesture: the page looks again, and the person is told what cannot be seen in it.
import { ask, say, shown } from "./api.js";
import { actFrom } from "./elements.js";
import { readForm } from "./forms.js";
import { refresh } from "./regions.js";
import { toast } from "./toast.js";

// Asks the control API, then shows what became of it. Answers what it answered.
export async function gesture(call, wish) {
  const before = privately();
  const answer = await ask(call, wish);
  if (answer.error !== "offline") await refresh();
  if (answer.said && before === privately()) toast(plain(answer.said));
  return answer;
}

export function problemOf(answer) {
  if (answer.not_offered) return say("gone");
  if (answer.error === "offline") return say("offline");
  return answer.error ? say("refused", { error: answer.error }) + detail(answer) : "";
}

export function tellProblem(answer) {
  const problem = problemOf(answer);
  if (problem) toast(problem, { wrong: true });
}

// Buttons, menus and pickers in messages, forms and the Home tab. What is typed into a form goes along, as in Slack.
export function startActs() {
  const pending = new Map();
  document.addEventListener("act", async (event) => {
    const source = event.target;
    const frame = source.closest("[data-place]");
    if (!frame) return;
    // A button is not pressed twice; of what is filled in meanwhile, the last is told afterwards.
    if (pending.has(source)) return source.matches(".control") && pending.set(source, event.detail);
    pending.set(source, null);
    source.setAttribute("aria-busy", "true");
    const act = actFrom(source);
    const { action_id, value } = event.detail;
    const wish = { ...JSON.parse(frame.dataset.place), action_id, value };
    if (frame.matches("form")) wish.values = withoutFiles(await readForm(frame));
    tellProblem(await gesture("click", wish));
    source.removeAttribute("aria-busy");
    const next = pending.get(source);
    pending.delete(source);
    if (next) act(next.action_id, next.value);
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-shortcut]");
    if (!button) return;
    const place = button.closest("[data-place]");
    const message = place ? JSON.parse(place.dataset.place) : {};
    tellProblem(await gesture("shortcut", { callback_id: button.dataset.shortcut, ...message }));
  });
}

function withoutFiles(values) {
  const isFile = (value) => Array.isArray(value) && value[0]?.content_base64 !== undefined;
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isFile(value)));
}

function privately() {
  return [...document.querySelectorAll("article.ephemeral")].map((one) => one.id + one.dataset.version).join();
}

function detail(answer) {
  const more = [answer.detail, ...(answer.messages || [])].filter(Boolean).join("；");
  return more ? ` (${more})` : "";
}

function plain(mrkdwn) {
  return mrkdwn.replace(/<[^|>]+\|([^>]+)>/g, "$1").replace(/[*_~`]/g, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}
