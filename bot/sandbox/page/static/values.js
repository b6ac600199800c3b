// What is filled into a control, in the words of the control API.

const SEVERAL = /^(checkboxes|multi_(static|users|channels|conversations)_select)$/;

export async function valueOf(control) {
  const kind = control.dataset.kind;
  if (SEVERAL.test(kind)) return ticked(control);
  if (kind === "radio_buttons") return ticked(control)[0] ?? null;
  if (kind === "multi_external_select") return [...control.querySelectorAll(".chips li")].map((one) => one.dataset.value);
  const input = control.querySelector("input, textarea, select");
  if (kind === "external_select") return input.dataset.value || null;
  if (kind === "file_input") return Promise.all([...input.files].map(content));
  if (kind === "datetimepicker") return input.value ? secondsIn(input.dataset.zone, input.value) : null;
  return input.value === "" ? null : input.value;
}

// The instant, in seconds, at which clocks in this zone show `local` (2026-02-10T09:00).
export function secondsIn(zone, local) {
  const wanted = Date.parse(local + "Z");
  let moment = wanted;
  // Twice: the first step may land on the other side of a change to summer time.
  for (let step = 0; step < 2; step += 1) moment += wanted - shownIn(zone, moment);
  return Math.round(moment / 1000);
}

function shownIn(zone, moment) {
  const shape = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
  const parts = new Intl.DateTimeFormat("en", { ...shape, timeZone: zone, hourCycle: "h23" }).formatToParts(moment);
  const at = Object.fromEntries(parts.map((part) => [part.type, Number(part.value)]));
  return Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute);
}

function ticked(control) {
  const boxes = control.querySelectorAll("input[type=checkbox]:checked, input[type=radio]:checked");
  return [...boxes].map((one) => one.value);
}

function content(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve({ name: file.name, content_base64: reader.result.split(",")[1] ?? "" });
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
