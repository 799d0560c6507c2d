// A comparison that is not final is followed: on each event the page is fetched
// again and its parts marked data-live are swapped. An event is only a hint; when
// the stream breaks, the browser opens it again by itself.

import { load } from "./load";
import { swap } from "./swap";

const calm = 200; // ms in which several events become one fetch

export function following(enhance: (root: ParentNode) => void): void {
  const address = document.querySelector("[data-events]")?.getAttribute("data-events");
  if (!address) return;
  const stream = new EventSource(address);
  let timer = 0;
  let busy = false;
  let again = false;

  async function refresh(): Promise<void> {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      const page = await load(location.href);
      renew(page, enhance);
      if (!page.querySelector("[data-events]")) {
        document.querySelector("[data-events]")?.removeAttribute("data-events");
        stream.close();
      }
    } catch {
      // the next event, or the reopened stream, tries again
    }
    busy = false;
    if (again) {
      again = false;
      later();
    }
  }

  function later(): void {
    clearTimeout(timer);
    timer = window.setTimeout(() => void refresh(), calm);
  }

  stream.addEventListener("change", later);
  stream.addEventListener("message", later);
  window.addEventListener("pagehide", () => stream.close());
}

// renew swaps the live parts that differ.
function renew(page: Document, enhance: (root: ParentNode) => void): void {
  document.title = page.title;
  for (const part of document.querySelectorAll("[data-live]")) {
    const name = part.getAttribute("data-live") ?? "";
    const next = page.querySelector(`[data-live="${CSS.escape(name)}"]`);
    if (next && !next.isEqualNode(part)) swap(part, next, enhance);
  }
}
