// What a person has done to a part of the page, to be done to its successor:
// where the focus is (of a flame graph: its first frame), which details are open, how far boxes are scrolled.
interface Kept {
  focus: string | null;
  text: { value: string; start: number | null; end: number | null } | null;
  open: Set<number>;
  scrolled: { x: number; y: number }[];
}

const focusable = "a[href], button, input:not([type=hidden]), select, summary, [tabindex]";

function keep(part: Element): Kept {
  const active = document.activeElement;
  const kept: Kept = { focus: null, text: null, open: new Set(), scrolled: [] };
  if (active instanceof Element && part.contains(active) && active !== part) {
    const all = [...part.querySelectorAll(focusable)];
    if (active.closest("[data-flame]")) kept.focus = "first frame";
    else kept.focus = active.id !== "" ? "#" + active.id : String(all.indexOf(active));
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
    : all[Math.min(Number(kept.focus), all.length - 1)];
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
