// Every gesture goes to the control API, like a test's; then the page is drawn again.
const body = document.body.dataset;

async function ask(call, wish) {
  document.body.style.cursor = "progress";
  const answer = await fetch("/_control/" + call, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ as: body.as, ...wish }),
  });
  document.body.style.cursor = "";
  return answer.json();
}

function notice(text) {
  const place = document.getElementById("notice");
  place.textContent = text;
  place.hidden = !text;
}

function after(answer) {
  if (answer.errors) return showErrors(answer.errors);
  if (answer.error || answer.not_offered) {
    return notice(body.failed + ": " + (answer.error || "not_offered") + " " + (answer.detail || ""));
  }
  if (answer.said) sessionStorage.setItem("said", answer.said);
  location.reload();
}

function showErrors(errors) {
  for (const field of document.querySelectorAll(".field")) {
    const line = field.querySelector(".error");
    line.textContent = errors[field.dataset.field] || "";
    line.hidden = !line.textContent;
  }
}

function placeOf(element) {
  const place = element.closest("[data-place]").dataset;
  if (place.place === "home") return { home: true };
  if (place.place === "view") return { view_id: place.view };
  return { channel: place.channel, ts: place.ts };
}

async function click(element, value) {
  const data = element.dataset;
  if (data.confirm && !confirm(data.confirm)) return;
  if (data.url && /^https?:/.test(data.url)) window.open(data.url, "_blank", "noreferrer");
  after(await ask("click", { ...placeOf(element), action_id: data.action, value }));
}

function base64(buffer) {
  let binary = "";
  for (const byte of new Uint8Array(buffer)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

async function valueOf(field) {
  const kind = field.dataset.kind;
  const input = field.querySelector("input, textarea, select");
  const chosen = [...field.querySelectorAll("input:checked")].map((one) => one.value);
  if (kind === "checkboxes") return chosen;
  if (kind === "radio_buttons") return chosen[0] ?? null;
  if (kind === "file_input") {
    return Promise.all([...input.files].map(async (file) => ({ name: file.name, content_base64: base64(await file.arrayBuffer()) })));
  }
  if (kind === "multi_external_select") return input.value ? input.value.split(",") : [];
  if (input.multiple) return [...input.selectedOptions].map((one) => one.value);
  if (kind === "datetimepicker") return input.value ? input.value + ":00" + body.offset : null;
  return input.value === "" ? null : input.value;
}

async function submit(form) {
  const values = {};
  for (const field of form.querySelectorAll(".field")) values[field.dataset.field] = await valueOf(field);
  after(await ask("submit", { view_id: form.dataset.view, values }));
}

const acts = {
  click: (element) => click(element, element.dataset.value || undefined),
  clock: async (element) => after(await ask("clock", { to: element.dataset.to })),
  close: async (element) => after(await ask("close", { view_id: element.closest("#modal").dataset.view })),
  shortcut: async (element) => after(await ask("shortcut", { callback_id: element.dataset.callback })),
};

document.addEventListener("click", (event) => {
  const element = event.target.closest("[data-do]");
  if (element && acts[element.dataset.do]) {
    event.preventDefault();
    acts[element.dataset.do](element);
  }
});

document.addEventListener("change", (event) => {
  if (event.target.id === "who") location.href = "/?as=" + encodeURIComponent(event.target.value);
  if (event.target.dataset.do === "choose" && event.target.value) click(event.target, event.target.value);
});

document.addEventListener("input", async (event) => {
  const name = event.target.dataset.suggest;
  if (!name) return;
  const view = event.target.closest("#modal").dataset.view;
  const answer = await ask("suggest", { view_id: view, action_id: name, typed: event.target.value });
  event.target.list.replaceChildren(...(answer.options || []).map((one) => {
    const option = new Option(one.text, one.value);
    option.label = one.text;
    return option;
  }));
});

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.id === "modal") return submit(form);
  if (form.id === "clock") return after(await ask("clock", { to: form.to.value + ":00" + body.offset }));
  const text = form.text.value.trim();
  if (text) after(await ask(text.startsWith("/") ? "command" : "message", { channel: body.at, text }));
});

notice(sessionStorage.getItem("said") || "");
sessionStorage.removeItem("said");
const stream = document.getElementById("stream");
stream.scrollTop = stream.scrollHeight;
