// The stream of messages: where one looks in it, what has been read, older messages, threads beside it.
import { post, say, shown } from "./api.js";
import { atEnd, refresh } from "./regions.js";

const stream = document.getElementById("stream");
const pane = document.getElementById("thread");
const firstNew = firstUnread();
let pinned = true;

export function startConversation() {
  markNew();
  goToStart();
  stream.addEventListener("scroll", () => (pinned = atEnd(stream)));
  stream.addEventListener("load", () => pinned && (stream.scrollTop = stream.scrollHeight), true);
  document.addEventListener("refreshed", () => {
    markNew();
    markRead();
  });
  document.addEventListener("visibilitychange", markRead);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-older], [data-thread], #close-thread");
    if (button?.dataset.older) lookFrom(button.dataset.older);
    else if (button) openThread(button.dataset.thread || null, button);
  });
  pane.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) openThread(null);
  });
  window.addEventListener("popstate", () => {
    const query = new URLSearchParams(location.search);
    if (query.get("as") !== shown.as || query.get("at") !== shown.at) return location.reload();
    showThread(query.get("thread"));
  });
  markRead();
}

export function scrollDown() {
  stream.scrollTop = stream.scrollHeight;
}

// A line at the end that only this page knows, such as Slack's own word that a command failed.
export function aside(author, text) {
  const line = document.createElement("p");
  const name = document.createElement("b");
  name.textContent = author;
  line.append(name, " ", text);
  document.getElementById("local").append(line);
  scrollDown();
}

function goToStart() {
  if (shown.at === "home") return;
  const target = location.hash && document.getElementById("p" + location.hash.replace(/[#p.]/g, ""));
  const line = stream.querySelector(".first-new");
  scrollDown();
  if (target) target.focus();
  else if (line && line.getBoundingClientRect().top < stream.getBoundingClientRect().top) line.scrollIntoView();
  pinned = atEnd(stream);
}

// The line above what was new when the page was opened; what comes while one looks on needs none.
function markNew() {
  for (const one of stream.querySelectorAll("article[data-ts]")) {
    const first = one.dataset.ts === firstNew;
    one.classList.toggle("first-new", first);
    if (first) one.dataset.new = say("new_messages");
  }
}

function firstUnread() {
  const { newSince } = document.body.dataset;
  const unread = (one) => one.dataset.ts > newSince && one.dataset.author !== shown.as;
  return newSince && [...stream.querySelectorAll("article[data-ts]")].find(unread)?.dataset.ts;
}

async function markRead() {
  const entry = document.getElementById("go-" + shown.at);
  if (document.visibilityState !== "visible" || !entry?.classList.contains("unread")) return;
  await post("/_page/read", { as: shown.as, at: shown.at });
}

async function lookFrom(ts) {
  shown.since = ts;
  await refresh();
}

async function openThread(ts, from) {
  const query = new URLSearchParams({ as: shown.as, at: shown.at, ...(ts && { thread: ts }) });
  history.pushState(null, "", "/?" + query);
  await showThread(ts);
  if (ts) (document.getElementById("answer") || pane).focus();
  else if (from?.id === "close-thread") stream.focus();
}

async function showThread(ts) {
  shown.thread = ts;
  pane.hidden = !ts;
  document.dispatchEvent(new Event("threadshown"));
  await refresh();
}
