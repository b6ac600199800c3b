// A modal's form: what is filled in, and what is wrong with it.

import { valueOf } from "./values.js";

// Values by action_id, as /_control/submit takes them. A promise: files are read from the disk.
export async function readForm(form) {
  const controls = [...form.querySelectorAll(".field .control")];
  const read = controls.map(async (control) => [control.dataset.action, await valueOf(control)]);
  return Object.fromEntries(await Promise.all(read));
}

// Puts {action_id: text} under the fields and the focus into the first that is wrong; none given, none shown.
// Returns the texts that belong to no field here.
export function showErrors(form, errors) {
  const left = { ...errors };
  for (const field of form.querySelectorAll(".field")) {
    const name = field.querySelector(".control").dataset.action;
    mark(field, left[name]);
    delete left[name];
  }
  form.querySelector("[aria-invalid]")?.focus();
  return Object.values(left);
}

function mark(field, text) {
  const line = field.querySelector(".error");
  line.textContent = text ?? "";
  line.hidden = !text;
  field.classList.toggle("wrong", Boolean(text));
  // A group is wrong as a whole; the focus goes to its first box.
  const input = field.querySelector("textarea, select, input:not(.filter)");
  if (text) input?.setAttribute("aria-invalid", "true");
  else input?.removeAttribute("aria-invalid");
}
