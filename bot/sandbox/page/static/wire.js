// The wire log in its drawer: what the workspace and the app said to each other, as it happens.
import { answered, say } from "./api.js";
import { known } from "./regions.js";

const AT_ONCE = 200;
const drawer = document.getElementById("wire");
const list = document.getElementById("wire-entries");
const text = document.getElementById("wire-text");
const refused = document.getElementById("wire-refused");
const note = document.getElementById("wire-note");
const earlier = document.getElementById("wire-older");
const time = new Intl.DateTimeFormat("sv-SE", { timeZone: document.body.dataset.zone, dateStyle: "short", timeStyle: "short" });
const entries = new Map();
let begun = null;
let loading = false;
let again = false;

export function startWire(opened) {
  opened(load);
  document.addEventListener("refreshed", () => !drawer.hidden && load());
  text.addEventListener("input", filter);
  refused.addEventListener("change", filter);
  earlier.addEventListener("click", async () => {
    begun = Math.max(0, begun - AT_ONCE);
    entries.clear();
    list.replaceChildren();
    await load();
  });
  document.getElementById("wire-filter").addEventListener("submit", (event) => event.preventDefault());
}

// Whoever asks while an answer is under way gets the next one as well: the first may be from before.
async function load() {
  again = true;
  if (loading) return;
  loading = true;
  while (again) {
    again = false;
    await look();
  }
  loading = false;
  earlier.hidden = !begun;
  filter();
}

async function look() {
  const from = (begun ??= Math.max(0, known.wire - AT_ONCE));
  const { wire } = await answered("/_control/wire?since=" + firstOpen());
  // Unless earlier ones are wanted meanwhile, which come before these.
  if (from === begun) for (const entry of wire || []) put(entry);
}

// An entry without an answer is asked for again.
function firstOpen() {
  const waiting = [...entries.values()].find(({ entry }) => waits(entry));
  return waiting ? waiting.entry.n - 1 : Math.max(begun, ...entries.keys());
}

const waits = (entry) => entry.direction === "call" ? entry.answer === null && !entry.error : entry.acked === null;
const problem = (entry) => entry.error || (entry.acked === false ? entry.reason || "dispatch_failed" : "");

function put(entry) {
  const old = entries.get(entry.n);
  const item = drawn(entry);
  if (old) {
    item.firstChild.open = old.item.firstChild.open;
    old.item.replaceWith(item);
  } else list.prepend(item);
  entries.set(entry.n, { entry, item, words: JSON.stringify(entry).toLowerCase() });
}

function drawn(entry) {
  const item = document.createElement("li");
  item.value = entry.n;
  const details = document.createElement("details");
  const error = problem(entry);
  details.className = `${entry.direction}${error ? " refused" : ""}`;
  const summary = document.createElement("summary");
  summary.append(
    part("way", entry.direction === "call" ? "→" : "←", say(entry.direction === "call" ? "wire_call" : "wire_payload")),
    part("what", entry.what),
    part("about", about(entry)),
    part("state", error || (waits(entry) ? say("wire_wait") : "ok")),
    part("when", time.format(new Date(entry.now)).slice(5)),
  );
  details.append(summary);
  details.addEventListener("toggle", () => details.open && unfold(details, entry));
  item.append(details);
  return item;
}

// Whom or what it is about, as far as one word says it.
function about(entry) {
  const sent = entry.args || entry.payload || {};
  const event = sent.event || {};
  const what = sent.command || sent.callback_id || sent.actions?.[0]?.action_id || sent.view?.callback_id || "";
  const where = sent.channel?.id || sent.channel || sent.user_id || sent.user?.id || event.user?.id || event.user || "";
  return [what, where].filter((one) => typeof one === "string" && one).join(" · ");
}

function unfold(details, entry) {
  if (details.children.length > 1) return;
  const sent = entry.direction === "call" ? entry.args : entry.payload;
  for (const [name, data] of [["wire_sent", sent], ["wire_answer", entry.answer]]) {
    const title = document.createElement("h3");
    title.textContent = say(name);
    const pre = document.createElement("pre");
    pre.tabIndex = 0;
    pre.textContent = JSON.stringify(readable(data), null, 2);
    details.append(title, pre);
  }
}

// Form fields carry JSON as text; it is easier to read unpacked.
function readable(data) {
  if (!data || typeof data !== "object" || Array.isArray(data)) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, unpacked(value)]));
}

function unpacked(value) {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function part(name, words, title = "") {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = words;
  if (title) span.title = title;
  return span;
}

function filter() {
  const wanted = text.value.trim().toLowerCase();
  let visible = 0;
  for (const { entry, item, words } of entries.values()) {
    item.hidden = !words.includes(wanted) || (refused.checked && !problem(entry));
    visible += !item.hidden;
  }
  note.textContent = visible ? "" : say(entries.size ? "wire_none" : "wire_empty");
}
