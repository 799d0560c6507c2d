// The share button opens a dialog in place of the share page. The link is made by
// the API; its address is shown once.

interface Problem {
  detail?: unknown;
  title?: unknown;
}

export function sharing(): void {
  document.addEventListener("click", (e) => {
    const button = e.target instanceof Element ? e.target.closest("[data-share]") : null;
    const dialog = document.querySelector<HTMLDialogElement>("dialog[data-share-dialog]");
    if (!button || !dialog) return;
    e.preventDefault();
    // What is shared is what is seen: views are swapped without a new page.
    const path = dialog.querySelector<HTMLInputElement>("input[name=path]");
    if (path) path.value = location.pathname + location.search;
    const result = dialog.querySelector<HTMLElement>("[data-share-result]");
    if (result) result.hidden = true;
    current(dialog);
    say(dialog, "");
    dialog.showModal();
  });
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-share-form")) return;
    e.preventDefault();
    void create(form);
  });
}

// current has the form name the view that is shown now: views are swapped in after
// the page was sent, and the address follows them.
function current(dialog: Element): void {
  const path = dialog.querySelector<HTMLInputElement>('input[name="path"]');
  if (path && new URL(path.value, location.href).pathname === location.pathname) path.value = location.pathname + location.search;
}

function say(dialog: Element, sentence: string): void {
  const place = dialog.querySelector("[data-share-error]");
  if (place) place.textContent = sentence;
}

async function create(form: HTMLFormElement): Promise<void> {
  const dialog = form.closest("dialog");
  const api = dialog?.getAttribute("data-api");
  if (!dialog || !api) return;
  say(dialog, "");
  const values = new FormData(form);
  try {
    const answer = await fetch(api, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ path: values.get("path"), expires_in_s: Number(values.get("expires_in_s")) }),
    });
    const body: unknown = await answer.json();
    if (!answer.ok) {
      say(dialog, sentenceOf(body));
      return;
    }
    show(dialog, urlOf(body));
    embeds(dialog, body);
  } catch {
    say(dialog, "The server did not answer; is it still running?");
  }
}

function sentenceOf(body: unknown): string {
  if (typeof body === "object" && body !== null) {
    const problem: Problem = body;
    if (typeof problem.detail === "string") return problem.detail;
    if (typeof problem.title === "string") return problem.title;
  }
  return "The link was not created.";
}

function urlOf(body: unknown): string {
  const url = typeof body === "object" && body !== null && "url" in body ? body.url : "";
  return new URL(typeof url === "string" ? url : "", location.href).href;
}

function show(dialog: Element, url: string): void {
  const result = dialog.querySelector<HTMLElement>("[data-share-result]");
  const code = dialog.querySelector("[data-share-url]");
  if (!result || !code) return;
  code.textContent = url;
  result.hidden = false;
  result.querySelector<HTMLElement>("[data-copy]")?.focus();
}

// embeds shows the markup by which the link stands on other sites, each with its
// button, as the address has one.
function embeds(dialog: Element, body: unknown): void {
  const place = dialog.querySelector("[data-share-embeds]");
  const model = dialog.querySelector("[data-share-result]");
  const list: unknown = typeof body === "object" && body !== null && "embeds" in body ? body.embeds : [];
  if (!place || !model || !Array.isArray(list)) return;
  place.replaceChildren();
  for (const e of list as { label?: unknown; text?: unknown }[]) {
    const one = model.cloneNode(true);
    if (!(one instanceof HTMLElement) || typeof e.label !== "string" || typeof e.text !== "string") continue;
    one.removeAttribute("data-share-result");
    const label = one.querySelector(".Command-label");
    const code = one.querySelector("code");
    const said = one.querySelector("button .u-hidden");
    code?.removeAttribute("data-share-url");
    one.querySelector("pre")?.setAttribute("aria-label", e.label);
    if (label) label.textContent = e.label;
    if (said) said.textContent = `: ${e.label}`;
    if (code) code.textContent = e.text;
    place.append(one);
  }
}
