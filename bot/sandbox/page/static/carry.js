// A form that the bot changed while somebody fills it: what they typed and where they are goes over to the new one.

const KEPT_WHOLE = ["file_input", "external_select", "multi_external_select"];
const INPUTS = "input, textarea, select";

// As in Slack, an input of the same name and kind keeps what was entered; what is not offered any more is left.
export function carryOver(before, now) {
  const fresh = controls(now);
  for (const [name, old] of controls(before)) {
    const place = fresh.get(name);
    if (!place) continue;
    if (KEPT_WHOLE.includes(old.dataset.kind)) place.replaceWith(old);
    else for (const input of old.querySelectorAll(INPUTS)) enter(place, input, old);
  }
}

// The input somebody is in, and the caret in it.
export function spotIn(form) {
  const input = document.activeElement;
  const control = form?.contains(input) ? input.closest(".control") : null;
  if (!control) return null;
  return { name: nameOf(control), number: numberOf(control, input), caret: caretOf(input) };
}

export function returnTo(form, spot) {
  const control = spot && controls(form).get(spot.name);
  const input = control?.querySelectorAll(INPUTS)[spot.number];
  if (!input) return false;
  input.focus({ preventScroll: true });
  if (spot.caret) input.setSelectionRange(...spot.caret);
  return true;
}

function enter(place, old, from) {
  if (old.type === "checkbox" || old.type === "radio") {
    const same = [...place.querySelectorAll(`[type=${old.type}]`)].find((one) => one.value === old.value);
    if (same) same.checked = old.checked;
    return;
  }
  const same = place.querySelectorAll(INPUTS)[numberOf(from, old)];
  if (!same) return;
  const offered = same.tagName !== "SELECT" || [...same.options].some((one) => one.value === old.value);
  if (offered) same.value = old.value;
}

const controls = (form) => new Map([...form.querySelectorAll(".control")].map((one) => [nameOf(one), one]));
const nameOf = (control) => `${control.dataset.kind} ${control.dataset.action}`;
const numberOf = (control, input) => [...control.querySelectorAll(INPUTS)].indexOf(input);

// Number and e-mail inputs have a caret and do not say where.
function caretOf(input) {
  return input.selectionStart == null ? null : [input.selectionStart, input.selectionEnd];
}
