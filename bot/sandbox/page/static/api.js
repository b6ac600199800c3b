// The ways to the server, and the reader's words. What the page shows is its address: who, where, which thread.
const body = document.body.dataset;
const words = JSON.parse(body.said);
const address = new URLSearchParams(location.search);

export const shown = { as: body.as, at: body.at, thread: address.get("thread"), since: address.get("since") };

export function say(name, values = {}) {
  return words[name].replace(/{(\w+)}/g, (whole, key) => values[key] ?? whole);
}

export async function ask(call, wish) {
  return post("/_control/" + call, { as: shown.as, ...wish });
}

export async function post(path, wish) {
  return answered(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wish) });
}

// Never throws: a workspace that does not answer is an answer, {error: "offline"}.
export async function answered(path, options) {
  try {
    const response = await fetch(path, options);
    return await response.json();
  } catch (problem) {
    return { error: "offline", detail: String(problem) };
  }
}
