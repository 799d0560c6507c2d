// The lines in the page: one stop of Tab, keys that go from line to line, and the
// help. What a key opens is the line's own link: region.ts swaps it in.

const rows = (table: Element): HTMLTableRowElement[] => [...table.querySelectorAll<HTMLTableRowElement>("tbody tr")].filter((r) => linksOf(r).length > 0);

const linksOf = (row: Element): HTMLAnchorElement[] => {
  const links = [...row.querySelectorAll<HTMLAnchorElement>("a[href]")];
  const opener = links.find((a) => a.hasAttribute("aria-expanded"));
  return opener ? [opener, ...links.filter((a) => a !== opener)] : links;
};

export function lines(root: ParentNode): void {
  const found = root instanceof Element && root.matches("[data-lines]") ? [root] : [...root.querySelectorAll("[data-lines]")];
  for (const table of found) start(table);
}

function start(table: Element): void {
  const all = rows(table);
  const links = all.flatMap(linksOf);
  const here = document.activeElement instanceof HTMLAnchorElement && links.includes(document.activeElement) ? document.activeElement : first(all);
  for (const a of links) a.tabIndex = a === here ? 0 : -1;
  table.addEventListener("keydown", (e) => {
    if (e instanceof KeyboardEvent) move(table, e);
  });
  table.addEventListener("focusin", (e) => {
    if (!(e.target instanceof HTMLAnchorElement) || !e.target.closest("tbody")) return;
    for (const a of table.querySelectorAll<HTMLAnchorElement>('tbody a[tabindex="0"]')) a.tabIndex = -1;
    e.target.tabIndex = 0;
  });
}

// first is where Tab stops before anybody has moved: at the first line that opens.
const first = (all: HTMLTableRowElement[]): HTMLAnchorElement | undefined => {
  const row = all.find((r) => r.querySelector("a[aria-expanded]") !== null) ?? all[0];
  return row && linksOf(row)[0];
};

function move(table: Element, e: KeyboardEvent): void {
  if (e.altKey || e.ctrlKey || e.metaKey || !(e.target instanceof HTMLAnchorElement)) return;
  const row = e.target.closest("tr");
  if (!row || !row.closest("tbody")) return;
  const all = rows(table);
  const at = all.indexOf(row);
  const links = linksOf(row);
  const of = links.indexOf(e.target);
  let to: HTMLAnchorElement | undefined;
  switch (e.key) {
    case "j": case "ArrowDown": to = next(all, at, 1); break;
    case "k": case "ArrowUp": to = next(all, at, -1); break;
    case "ArrowRight": to = links[of + 1]; break;
    case "ArrowLeft": to = links[of - 1]; break;
    case "f":
      (row.querySelector<HTMLAnchorElement>("a[data-flame-link]") ?? row.closest("tbody")?.querySelector<HTMLAnchorElement>("a[data-flame-link]"))?.click();
      e.preventDefault();
      return;
    default: return;
  }
  e.preventDefault();
  to?.focus();
}

const next = (all: HTMLTableRowElement[], at: number, by: number): HTMLAnchorElement | undefined => {
  const row = all[at + by];
  return row && linksOf(row)[0];
};

// linesHelp opens the help of the keys; false where there are no lines, or where a
// flame graph of the page has its own.
export function linesHelp(): boolean {
  const dialog = document.querySelector<HTMLDialogElement>("dialog[data-lines-dialog]");
  if (!dialog || dialog.open) return false;
  if (document.querySelector("[data-flame]") && !document.activeElement?.closest("[data-lines]")) return false;
  dialog.showModal();
  return true;
}

const typing = (e: Event): boolean => e.target instanceof Element && e.target.closest("input, textarea, select, dialog") !== null;

// Before the flame graph hears of it: see flame.ts.
document.addEventListener("keydown", (e) => {
  if (e.altKey || e.ctrlKey || e.metaKey || e.defaultPrevented || typing(e)) return;
  if (e.key === "?" && linesHelp()) e.preventDefault();
  if (e.key === "j" || e.key === "k") {
    const table = document.querySelector("[data-lines]");
    if (!table || document.activeElement?.closest("[data-lines]")) return;
    e.preventDefault();
    table.querySelector<HTMLAnchorElement>('tbody a[tabindex="0"]')?.focus();
  }
}, { capture: true });
