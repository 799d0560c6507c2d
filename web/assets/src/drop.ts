// Files that are dropped anywhere on a page with an upload form are sent by that
// form, so the server leads on as it does without script: one profile to its page,
// two to their difference. Of two, the older file is the base.

const most = 8; // profiles that the server takes at once

function carriesFiles(e: DragEvent): boolean {
  return e.dataTransfer?.types.includes("Files") ?? false;
}

function formOf(): HTMLFormElement | null {
  return document.querySelector<HTMLFormElement>("form[data-drop]");
}

// veil says over the page what a drop does.
function veil(): HTMLElement {
  const over = document.createElement("div");
  over.className = "Drop";
  const text = document.createElement("p");
  text.className = "Drop-text";
  text.textContent = "Drop one profile to open it, or two to compare them: the older is the base.";
  over.append(text);
  return over;
}

function say(form: HTMLFormElement, sentence: string): void {
  const place = form.querySelector("[data-drop-state]");
  if (place) place.textContent = sentence;
}

function sentenceOn(files: File[]): string {
  const bytes = files.reduce((sum, f) => sum + f.size, 0);
  const names = files.length === 1 ? (files[0]?.name ?? "1 file") : `${files.length} files`;
  return `Uploading ${names}, ${Math.max(1, Math.round(bytes / 1024))} KiB …`;
}

function send(form: HTMLFormElement, list: FileList): void {
  const input = form.querySelector<HTMLInputElement>('input[type="file"]');
  if (!input) return;
  const files = [...list].sort((a, b) => a.lastModified - b.lastModified);
  if (files.length === 0) return;
  if (files.length > most) {
    say(form, `At most ${most} profiles are taken at once.`);
    return;
  }
  const sorted = new DataTransfer();
  for (const f of files) sorted.items.add(f);
  input.files = sorted.files;
  form.requestSubmit();
}

export function dropping(): void {
  let over: HTMLElement | null = null;
  let depth = 0; // a drag enters each element before it leaves the one around it
  const hide = (): void => {
    depth = 0;
    over?.remove();
    over = null;
  };
  document.addEventListener("dragenter", (e) => {
    if (!carriesFiles(e) || !formOf()) return;
    e.preventDefault();
    depth++;
    if (over) return;
    over = veil();
    document.body.append(over);
  });
  document.addEventListener("dragleave", (e) => {
    if (!carriesFiles(e) || !over) return;
    depth--;
    if (depth <= 0) hide();
  });
  document.addEventListener("dragover", (e) => {
    if (carriesFiles(e) && formOf()) e.preventDefault();
  });
  document.addEventListener("drop", (e) => {
    const form = formOf();
    if (!carriesFiles(e) || !form) return;
    e.preventDefault();
    hide();
    if (e.dataTransfer) send(form, e.dataTransfer.files);
  });
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-drop")) return;
    const files = form.querySelector<HTMLInputElement>('input[type="file"]')?.files;
    if (files && files.length > 0) say(form, sentenceOn([...files]));
  });
}
