// What a person has done to a part of the page, to be done to its successor:
// where the focus is (of a flame graph: its first frame), which details are open, how far boxes are scrolled.
interface Kept {
  focus: string | null;
  label: string; // of what has the focus
  text: { value: string; start: number | null; end: number | null } | null;
  open: Set<number>;
  scrolled: { x: number; y: number }[];
}

const focusable = "a[href], button, input:not([type=hidden]), select, summary, [tabindex]";

function keep(part: Element): Kept {
  const active = document.activeElement;
  const kept: Kept = { focus: null, label: "", text: null, open: new Set(), scrolled: [] };
  if (active instanceof Element && part.contains(active) && active !== part) {
    const all = [...part.querySelectorAll(focusable)];
    if (active.closest("[data-flame]")) kept.focus = "first frame";
    else kept.focus = active.id !== "" ? "#" + active.id : String(all.indexOf(active));
    kept.label = active.textContent.trim();
    if (active instanceof HTMLInputElement) {
      kept.text = { value: active.value, start: active.selectionStart, end: active.selectionEnd };
    }
  }
  part.querySelectorAll("details").forEach((d, i) => {
    if (d.open) kept.open.add(i);
  });
  part.querySelectorAll('[data-scroll]').forEach((box) => kept.scrolled.push({ x: box.scrollLeft, y: box.scrollTop }));
  return kept;
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

function restore(part: Element, kept: Kept): void {
  part.querySelectorAll("details").forEach((d, i) => {
    d.open = kept.open.has(i);
  });
  part.querySelectorAll('[data-scroll]').forEach((box, i) => {
    const at = kept.scrolled[i];
    if (at) box.scrollTo(at.x, at.y);
  });
  if (kept.focus === null) return;
  if (kept.focus === "first frame") {
    part.querySelector<SVGAElement>("[data-flame] a")?.focus({ preventScroll: true });
    return;
  }
  const all = part.querySelectorAll<HTMLElement>(focusable);
  const target = kept.focus.startsWith("#")
    ? document.getElementById(kept.focus.slice(1))
    : nearest([...all], Number(kept.focus), kept.label);
  if (!target) return;
  if (target instanceof HTMLInputElement && kept.text) {
    target.value = kept.text.value; // what was typed while the answer was on its way
    target.focus({ preventScroll: true });
    if (kept.text.start !== null) target.setSelectionRange(kept.text.start, kept.text.end);
    return;
  }
  target.focus({ preventScroll: true });
}

// swap puts next, of another document, in the place of part.
export function swap(part: Element, next: Element): Element {
  const kept = keep(part);
  const adopted = document.adoptNode(next); // its document is not needed again
  part.replaceWith(adopted);
  restore(adopted, kept);
  return adopted;
}
