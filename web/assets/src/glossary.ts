// Words of the glossary: links with their sentence as title. Here the sentence is
// shown in one popover of the page, on hover, on focus from the keyboard and on a
// tap; it can be pointed at, and Escape puts it away. A second tap, a click of the
// mouse and Enter follow the link.

const pause = 120; // ms before it is shown on hover, and before it goes

let box: HTMLElement | null = null;
let shown: HTMLElement | null = null;
let timer = 0;

function popover(): HTMLElement {
  if (box?.isConnected) return box;
  box = document.createElement("div");
  box.className = "Term-popover";
  box.popover = "manual";
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("pointerleave", later);
  document.body.append(box);
  return box;
}

// sentenceOf takes the title away, which a browser would show too, and leaves it as
// the description that assistive technology reads.
function sentenceOf(word: HTMLElement): string {
  const title = word.getAttribute("title");
  if (title !== null) {
    word.setAttribute("aria-description", title);
    word.removeAttribute("title");
  }
  return word.getAttribute("aria-description") ?? "";
}

function show(word: HTMLElement, tapped: boolean): void {
  clearTimeout(timer);
  const at = popover();
  at.replaceChildren(sentenceOf(word));
  const url = word.getAttribute("href");
  if (tapped && url !== null) {
    const more = document.createElement("a");
    more.href = url;
    more.textContent = "More in the glossary";
    at.append(document.createElement("br"), more);
  }
  shown = word;
  at.showPopover();
  const place = word.getBoundingClientRect();
  const size = at.getBoundingClientRect();
  const below = place.bottom + 6 + size.height < innerHeight;
  at.style.left = `${Math.max(8, Math.min(place.left, innerWidth - size.width - 8))}px`;
  at.style.top = `${Math.max(8, below ? place.bottom + 6 : place.top - size.height - 6)}px`;
}

function hide(): void {
  clearTimeout(timer);
  shown = null;
  if (box?.isConnected && box.matches(":popover-open")) box.hidePopover();
}

function later(): void {
  clearTimeout(timer);
  timer = window.setTimeout(hide, pause);
}

function wordOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-term]") : null;
}

export function glossary(): void {
  document.addEventListener("pointerover", (e) => {
    const word = wordOf(e.target);
    if (e.pointerType !== "mouse" || !word || word === shown) return;
    sentenceOf(word);
    clearTimeout(timer);
    timer = window.setTimeout(() => show(word, false), pause);
  });
  document.addEventListener("pointerout", (e) => {
    if (e.pointerType === "mouse" && wordOf(e.target)) later();
  });
  document.addEventListener("focusin", (e) => {
    const word = wordOf(e.target);
    if (word?.matches(":focus-visible")) show(word, false);
    else if (!box?.contains(e.target instanceof Node ? e.target : null)) hide();
  });
  document.addEventListener("click", (e) => {
    const word = wordOf(e.target);
    const touch = e instanceof PointerEvent && e.pointerType !== "mouse" && e.pointerType !== "";
    if (word && touch && word !== shown) {
      e.preventDefault();
      show(word, true);
    } else if (!box?.contains(e.target instanceof Node ? e.target : null)) hide();
  });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || shown === null) return;
    hide();
    e.preventDefault();
    e.stopImmediatePropagation();
  });
  document.addEventListener("scroll", hide, { capture: true, passive: true });
}
