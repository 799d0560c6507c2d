// Command lines get a button that copies them.

const shown = 2000; // ms that the button says "Copied"

export function copying(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>("[data-copy]").forEach((button) => {
    button.hidden = false;
  });
}

async function copy(button: HTMLElement): Promise<void> {
  const code = button.closest("[data-command]")?.querySelector("code");
  const word = button.firstChild;
  if (!code || !word) return;
  const before = word.textContent;
  try {
    await navigator.clipboard.writeText(code.textContent ?? "");
    word.textContent = "Copied";
  } catch {
    getSelection()?.selectAllChildren(code); // not allowed here: select it instead
    word.textContent = "Selected";
  }
  setTimeout(() => {
    word.textContent = before;
  }, shown);
}

document.addEventListener("click", (e) => {
  const button = e.target instanceof Element ? e.target.closest<HTMLElement>("[data-copy]") : null;
  if (button) void copy(button);
});
