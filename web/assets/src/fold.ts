// The table below a flame graph is folded mostly. A view that was swapped in comes
// without its rows (data-later): they are asked for when it is unfolded.

import { ids } from "./kept";
import { load } from "./load";

// graphPart is what is asked for of a page whose flame graph alone changes: with the
// rows of its table where that is unfolded, with labels that fit, and without the
// pictures that are there.
export function graphPart(region: Element): string {
  const rows = region.querySelector("details.Flame-table[open]") ? " table" : "";
  const graphs = [...region.querySelectorAll("[data-flame]")];
  const drawn = ids(graphs).map((id) => " =" + id);
  return `flame${rows} ${graphs[0]?.getAttribute("data-width") ?? ""}${drawn.join("")}`;
}

async function fill(fold: HTMLDetailsElement): Promise<void> {
  try {
    const page = await load(location.href, undefined, "flame table");
    const rows = page.querySelector(".Flame-table > [data-scroll]");
    if (!rows || !fold.isConnected || !fold.hasAttribute("data-later")) return;
    fold.removeAttribute("data-later");
    fold.append(document.adoptNode(rows));
  } catch {
    location.reload(); // the page itself has the rows, or says what is wrong
  }
}

// refill asks for rows again that a view which was asked for before the table was
// unfolded came without.
export function refill(): void {
  document.querySelectorAll<HTMLDetailsElement>("details[data-later][open]").forEach((fold) => void fill(fold));
}

export function folds(): void {
  // A toggle does not bubble.
  document.addEventListener("toggle", (e) => {
    if (e.target instanceof HTMLDetailsElement && e.target.open && e.target.hasAttribute("data-later")) void fill(e.target);
  }, { capture: true });
}
