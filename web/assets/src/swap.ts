// A part of the page takes the shape of its successor, of another document. What is
// alike stays in the page with its focus, its scrolling and what was typed, and need
// not be laid out again; listings, and graphs whose frames have moved, are replaced.

import { recolour } from "./frames";
import { again, keep } from "./kept";

// whole are replaced when they differ: nearly all of them does.
const whole = "[data-flame], [data-lines]";

const focusable = "a[href], button, input:not([type=hidden]), select, summary, [tabindex]";

// Where the focus was in something that was replaced: of a flame graph its first
// frame, elsewhere what has the same words as near as can be.
interface Focus {
  frame: boolean;
  id: string;
  at: number;
  label: string;
}

function focusIn(part: Element): Focus | null {
  const active = document.activeElement;
  if (!active || active === part || !part.contains(active)) return null;
  return {
    frame: active.closest("[data-flame]") !== null, id: active.id,
    at: [...part.querySelectorAll(focusable)].indexOf(active), label: active.textContent.trim(),
  };
}

// nearest is what has the same words as what had the focus, as near as can be to its
// place: parts before it may have come or gone.
function nearest(all: HTMLElement[], at: number, label: string): HTMLElement | undefined {
  let best: HTMLElement | undefined;
  let distance = Infinity;
  all.forEach((e, i) => {
    if (label === "" || e.textContent.trim() !== label || Math.abs(i - at) >= distance) return;
    best = e;
    distance = Math.abs(i - at);
  });
  return best ?? all[Math.min(at, all.length - 1)];
}

function refocus(part: Element, was: Focus): void {
  let target: HTMLElement | SVGElement | null | undefined;
  if (was.frame) target = part.querySelector<SVGElement>("[data-flame] a");
  else if (was.id !== "") target = document.getElementById(was.id);
  else target = nearest([...part.querySelectorAll<HTMLElement>(focusable)], was.at, was.label);
  target?.focus({ preventScroll: true });
}

// keyOf tells which children of two elements are the same part.
function keyOf(n: Node): string {
  if (!(n instanceof Element)) return `#${n.nodeType}`;
  return `${n.localName} ${n.id} ${n.classList[0] ?? ""}`;
}

function attributes(old: Element, next: Element): void {
  for (const { name } of [...old.attributes]) {
    const kept = name === "open" && old instanceof HTMLDetailsElement; // people fold and unfold
    if (!next.hasAttribute(name) && !kept) old.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (old.getAttribute(name) !== value && !(name === "open" && old instanceof HTMLDetailsElement)) old.setAttribute(name, value);
  }
  // What is being typed is not overwritten by what was asked for a while ago.
  if (old instanceof HTMLInputElement && old !== document.activeElement && next instanceof HTMLInputElement) {
    old.value = next.value;
    old.checked = next.checked;
  }
}

function children(old: Element, next: Element): void {
  let at: ChildNode | null = old.firstChild;
  for (const n of [...next.childNodes]) {
    const key = keyOf(n);
    let same = at;
    while (same && keyOf(same) !== key) same = same.nextSibling;
    if (!same) {
      old.insertBefore(document.adoptNode(n), at);
      continue;
    }
    while (at && at !== same) {
      const gone: ChildNode = at;
      at = at.nextSibling;
      gone.remove();
    }
    at = same.nextSibling;
    become(same, n);
  }
  while (at) {
    const gone: ChildNode = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function replace(old: Element, next: Element): void {
  old.replaceWith(next);
  keep(old);
}

function become(old: ChildNode, next: ChildNode): void {
  if (!(old instanceof Element) || !(next instanceof Element)) {
    if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue;
  } else if (next.hasAttribute("data-bare")) {
    const graph = again(old, next);
    recolour(graph, next);
    attributes(graph, next);
    if (graph !== old) replace(old, graph);
  } else if (old.matches(whole) || next.matches(whole)) {
    if (!old.isEqualNode(next)) replace(old, document.adoptNode(next));
  } else {
    attributes(old, next);
    children(old, next);
  }
}

// swap makes part what next is; next is used up. What prepare changes of it is
// changed before it is in the page, which is then laid out once.
export function swap(part: Element, next: Element, prepare: (root: ParentNode) => void): void {
  prepare(next);
  const was = focusIn(part);
  become(part, next);
  if (was && !part.contains(document.activeElement)) refocus(part, was);
}
