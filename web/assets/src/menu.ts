// Menus are <details>: they close on Escape and on a click elsewhere. Dialogs
// close by their buttons.

const open = (): NodeListOf<HTMLDetailsElement> => document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]");

export function menus(): void {
  document.addEventListener("click", (e) => {
    if (!(e.target instanceof Element)) return;
    for (const menu of open()) if (!menu.contains(e.target)) menu.open = false;
    if (e.target.closest("[data-dialog-close]")) e.target.closest("dialog")?.close();
  });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
      e.preventDefault();
    }
  });
}
