// While the form of a new comparison is filled in, the server is asked for its plan:
// how many cells and runs, how long they take, what is left out and why. It is the
// page that the button "Check" leads to, so nothing is computed twice.

import { load } from "./load";

const wait = 300; // ms after the last change before the plan is asked for

export function estimating(root: ParentNode): void {
  root.querySelectorAll<HTMLFormElement>("form[data-estimate]").forEach((form) => {
    let timer = 0;
    let going: AbortController | null = null;
    form.addEventListener("input", (e) => {
      agree(form, e.target);
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        going?.abort();
        going = new AbortController();
        void plan(form, going.signal);
      }, wait);
    });
  });
}

// agree keeps the named rounds and a number of one's own from saying two things.
function agree(form: HTMLFormElement, changed: EventTarget | null): void {
  if (!(changed instanceof HTMLInputElement)) return;
  const own = form.querySelector<HTMLInputElement>("[data-own]");
  if (changed.matches("[data-grade]") && own) own.value = "";
  if (changed === own && own.value.trim() !== "") {
    form.querySelectorAll<HTMLInputElement>("[data-grade]").forEach((radio) => {
      radio.checked = false;
    });
  }
}

async function plan(form: HTMLFormElement, signal: AbortSignal): Promise<void> {
  const place = form.querySelector("[data-plan]");
  if (!place) return;
  const asked = new URLSearchParams({ check: "1" });
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") asked.append(name, value);
  }
  try {
    const page = await load(`${form.dataset["estimate"] ?? ""}?${asked.toString()}`, signal);
    const next = page.querySelector("[data-plan]");
    if (next) place.replaceChildren(...document.importNode(next, true).childNodes);
  } catch {
    // the plan that stands there is older, and sending the form checks it anyway
  }
}
