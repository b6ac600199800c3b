// The fields to write in: Enter sends, "/" shows the app's commands, a draft waits for one's return.
import { say, shown } from "./api.js";
import { aside, scrollDown } from "./conversation.js";
import { gesture, tellProblem } from "./gestures.js";
import { toast } from "./toast.js";

export function startComposers() {
  for (const field of document.querySelectorAll(".composer textarea")) {
    const key = () => `draft ${shown.as} ${shown.at} ${field.id === "answer" ? shown.thread : ""}`;
    const recall = () => write(field, key(), sessionStorage.getItem(key()) || "");
    if (field.id === "answer") document.addEventListener("threadshown", recall);
    field.addEventListener("input", () => {
      sessionStorage.setItem(key(), field.value);
      grow(field);
      suggest(field);
    });
    field.addEventListener("keydown", (event) => pressed(field, event));
    field.addEventListener("blur", () => hide(field));
    field.form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(field, key());
    });
    menu(field).addEventListener("mousedown", (event) => {
      event.preventDefault();
      take(field, event.target.closest("[data-command]"));
    });
    recall();
  }
}

async function send(field, key) {
  const text = field.value.trim();
  if (!text || field.form.hasAttribute("aria-busy")) return;
  const inThread = field.id === "answer";
  const command = !inThread && text.startsWith("/") ? text.split(/\s/)[0] : "";
  field.form.setAttribute("aria-busy", "true");
  write(field, key, "");
  const thread = inThread ? { thread_ts: shown.thread } : {};
  const answer = await gesture(command ? "command" : "message", { channel: shown.at, text, ...thread });
  field.form.removeAttribute("aria-busy");
  if (answer.error) failed(field, key, text, command, answer);
  else if (!inThread) scrollDown();
}

function failed(field, key, text, command, answer) {
  write(field, key, text);
  if (answer.error === "unknown_command") toast(say("unknown_command", { command }), { wrong: true });
  else if (command && answer.error !== "offline") aside("Slackbot", say("command_failed", { command, error: answer.error }));
  else tellProblem(answer);
}

function write(field, key, text) {
  field.value = text;
  sessionStorage.setItem(key, text);
  grow(field);
  hide(field);
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = Math.min(field.scrollHeight + 2, 180) + "px";
}

// -- the list of commands

const menu = (field) => document.getElementById(field.id + "-commands");
const options = (field) => [...menu(field).querySelectorAll("[data-command]:not([hidden])")];
const chosen = (field) => menu(field).querySelector("[aria-selected=true]:not([hidden])");

function pressed(field, event) {
  if (event.isComposing) return;
  const offered = !menu(field).hidden && chosen(field);
  const complete = offered && field.value.startsWith(offered.dataset.command);
  if (event.key === "Enter" && !event.shiftKey && (!offered || complete)) {
    event.preventDefault();
    field.form.requestSubmit();
  } else if (offered && !complete && (event.key === "Enter" || event.key === "Tab")) {
    event.preventDefault();
    take(field, offered);
  } else if (offered && (event.key === "ArrowDown" || event.key === "ArrowUp") && !field.value.includes("\n")) {
    event.preventDefault();
    const all = options(field);
    select(field, all.at((all.indexOf(offered) + (event.key === "ArrowDown" ? 1 : -1)) % all.length));
  } else if (offered && event.key === "Escape") {
    event.preventDefault();
    hide(field);
  }
}

function suggest(field) {
  const typed = field.value.split(" ")[0];
  for (const one of menu(field).querySelectorAll("[data-command]")) {
    const whole = field.value.includes(" ") ? one.dataset.command === typed : one.dataset.command.startsWith(typed);
    one.hidden = !typed.startsWith("/") || !whole;
  }
  const [first] = options(field);
  if (!first || field.value.includes("\n")) return hide(field);
  menu(field).hidden = false;
  field.setAttribute("aria-expanded", "true");
  select(field, chosen(field) || first);
}

function select(field, option) {
  for (const one of menu(field).querySelectorAll("[data-command]")) one.setAttribute("aria-selected", one === option);
  field.setAttribute("aria-activedescendant", option.id);
}

function take(field, option) {
  if (!option) return;
  field.value = option.dataset.command + " ";
  field.dispatchEvent(new Event("input"));
}

function hide(field) {
  menu(field).hidden = true;
  if (!field.hasAttribute("role")) return;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}
