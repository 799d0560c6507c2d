// The flame graph in the page: labels that fit, a tooltip, the twin of a frame in
// the other graph of a pair, and a first picture of a zoom where the server's finer
// one takes long. Keys are in keys.ts.

import { forget, framesOf, lastRow, linksOf, merged, nameOf, otherGraph, put, rowHeight, textOf, twin, widthOf, type Frame } from "./frames";
import { fitted, shortened, zoomed, type Box } from "./geometry";
import { keys } from "./keys";
import { hideTip, showTip } from "./tip";

const letter = 6.6; // of the label's font, as in templates/place.go
const margin = 7;
const svgSpace = "http://www.w3.org/2000/svg";

export function flames(root: ParentNode): void {
  const found = root instanceof Element && root.matches("[data-flame]") ? [root] : [...root.querySelectorAll("[data-flame]")];
  for (const graph of found) if (graph instanceof SVGSVGElement && !graph.hasAttribute("data-bare")) start(graph);
}

let pointer = "";

// moved is false where the page moved, under a pointer that rests: nobody asks for the
// frame that came there.
function moved(e: PointerEvent): boolean {
  const at = `${e.screenX} ${e.screenY}`;
  const so = at !== pointer;
  pointer = at;
  return so;
}

// All listeners are on the graph and the document: none is on a box.
function start(graph: SVGSVGElement): void {
  if (!graph.querySelector("[tabindex]")) linksOf(graph).forEach((f, i) => f.element.setAttribute("tabindex", i === 0 ? "0" : "-1"));
  let width = widthOf(graph);
  new ResizeObserver((entries) => {
    const now = entries[0]?.contentRect.width ?? 0; // to ask the graph itself would lay it out again
    if (now === 0 || Math.abs(now - width) < 4) return; // 0 when it leaves the page
    label(graph, now);
    width = now;
  }).observe(graph);
  graph.addEventListener("pointermove", (e) => {
    if (!moved(e)) return;
    const frame = frameAt(e.target);
    if (!frame || e.pointerType === "touch") return leave(graph);
    showTip(textOf(frame) + mark(graph, frame), e.clientX, e.clientY);
  });
  graph.addEventListener("pointerleave", () => leave(graph));
  keys(graph);
}

// Not on the graph itself: Chromium takes an SVG element that listens for focus
// for one that can have it, and Tab would stop there.
document.addEventListener("focusin", (e) => {
  const frame = frameAt(e.target);
  const graph = frame?.closest("[data-flame]");
  if (frame && graph && frame.matches(":focus-visible")) point(graph, frame);
});
document.addEventListener("focusout", (e) => {
  const graph = frameAt(e.target)?.closest("[data-flame]");
  if (graph) leave(graph);
});

function frameAt(target: EventTarget | null): SVGElement | null {
  const frame = target instanceof Element ? target.closest("[data-flame] > a, [data-flame] > g") : null;
  return frame instanceof SVGElement ? frame : null;
}

// point shows the facts of a frame below it.
export function point(graph: Element, frame: SVGElement): void {
  const place = frame.querySelector("rect")?.getBoundingClientRect() ?? frame.getBoundingClientRect();
  showTip(textOf(frame) + mark(graph, frame), place.left, place.bottom);
}

let marked: Element | null = null;

// mark marks the twin of a frame, and says when there is none.
function mark(graph: Element, frame: SVGElement): string {
  const other = otherGraph(graph);
  if (!other || merged(frame)) return "";
  const same = twin(frame, other)?.element ?? null;
  if (marked !== same) unmark();
  marked = same;
  same?.classList.add("Flame-twin");
  return same ? "" : "\nnot in the other graph";
}

function unmark(): void {
  marked?.classList.remove("Flame-twin");
  marked = null;
}

function leave(graph: Element): void {
  hideTip();
  if (otherGraph(graph)) unmark();
}

// label writes as much of each name as fits. It was done for another width already:
// most names are right.
export function label(graph: Element, width: number): void {
  const serverWidth = widthOf(graph);
  graph.setAttribute("data-width", String(Math.round(width)));
  for (const { element, box } of framesOf(graph)) {
    const letters = Math.floor((box.width * width - margin) / letter);
    const before = Math.floor((box.width * serverWidth - margin) / letter);
    let text = element.lastElementChild;
    if (text?.localName !== "text") text = null;
    if (letters < 3) {
      text?.remove();
      continue;
    }
    const now = text?.textContent ?? "";
    if (now !== "" && (letters === before || (now.length <= letters && !now.endsWith("…")))) continue;
    const fits = fitted(shortened(nameOf(element)), letters);
    if (!text) {
      text = document.createElementNS(svgSpace, "text");
      text.setAttribute("x", `${100 * box.x}%`);
      text.setAttribute("y", String(box.row * rowHeight + 13));
      text.setAttribute("dx", "4");
      element.append(text);
    }
    if (now !== fits) text.textContent = fits;
  }
}

// rescale zooms the picture that is there, until the server's comes. Both graphs of
// a pair stay on one scale.
export function rescale(frame: SVGElement): void {
  const graph = frame.closest("[data-flame]");
  if (!graph || merged(frame) || !/[?&]at=/.test(frame.getAttribute("href") ?? "")) return;
  hideTip();
  const at = framesOf(graph).find((f) => f.element === frame);
  if (!at) return;
  const other = otherGraph(graph);
  const same = other ? twin(frame, other) : null;
  const most = Math.max(at.box.width, same?.box.width ?? 0);
  grow(graph, at, at.box.width / most);
  if (other && same) grow(other, same, same.box.width / most);
  else other?.querySelectorAll(":scope > a, :scope > g").forEach((e) => e.remove());
}

function grow(graph: Element, at: Frame, width: number): void {
  graph.removeAttribute("data-shape");
  const last = lastRow(graph);
  const fromRoot = (b: Box): Box => (last < 0 ? b : { ...b, row: last - b.row });
  const root = fromRoot(at.box);
  for (const f of framesOf(graph)) {
    const to = zoomed(fromRoot(f.box), root, width);
    if (to) put(f.element, fromRoot(to));
    else f.element.remove();
  }
  forget(graph);
  label(graph, graph.getBoundingClientRect().width);
}
