// The flame graph in the page: labels that fit, a tooltip, keys, and a first
// picture of a zoom before the server's finer one comes.

import { beside, child, fitted, parent, zoomed, type Box } from "./geometry";
import { hideTip, showTip } from "./tip";

const rowHeight = 18;
const letter = 6.6; // of the label's font, as in templates/place.go
const margin = 7;
const svgSpace = "http://www.w3.org/2000/svg";

// names keeps what the <title> of a frame said: the title is taken out, or the
// browser would show it beside our tooltip.
const names = new WeakMap<Element, string>();

function textOf(frame: Element): string {
  const known = names.get(frame);
  if (known !== undefined) return known;
  const title = frame.querySelector("title");
  const text = title?.textContent ?? "";
  names.set(frame, text);
  frame.setAttribute("aria-label", text.replaceAll("\n", ", "));
  title?.remove();
  return text;
}

const nameOf = (frame: Element): string => (names.get(frame) ?? frame.querySelector("title")?.textContent ?? "").split("\n", 1)[0] ?? "";

function boxOf(frame: Element): Box {
  const svg = frame.querySelector("svg");
  const number = (name: string): number => parseFloat(svg?.getAttribute(name) ?? "0");
  return { x: number("x") / 100, width: number("width") / 100, row: Math.round(number("y") / rowHeight) };
}

const framesOf = (graph: Element): SVGAElement[] => [...graph.querySelectorAll<SVGAElement>("a")];

export function flames(root: ParentNode): void {
  const found = root instanceof Element && root.matches("[data-flame]") ? [root] : [...root.querySelectorAll("[data-flame]")];
  for (const graph of found) if (graph instanceof SVGSVGElement) start(graph);
}

function start(graph: SVGSVGElement): void {
  const frames = framesOf(graph);
  frames.forEach((f, i) => f.setAttribute("tabindex", i === 0 ? "0" : "-1"));
  let width = 0;
  new ResizeObserver(() => {
    const now = graph.clientWidth || graph.getBoundingClientRect().width;
    if (Math.abs(now - width) < 4) return;
    width = now;
    label(graph, now);
  }).observe(graph);
  graph.addEventListener("pointermove", (e) => {
    const frame = e.target instanceof Element ? e.target.closest("a") : null;
    if (frame && e.pointerType !== "touch") showTip(textOf(frame), e.clientX, e.clientY);
    else hideTip();
  });
  graph.addEventListener("pointerleave", hideTip);
  // Not on the graph itself: Chromium takes an SVG element that listens for focus
  // for one that can have it, and Tab would stop there.
  const around = graph.parentElement ?? document.body;
  around.addEventListener("focusin", (e) => {
    const frame = e.target instanceof Element ? e.target.closest("[data-flame] a") : null;
    if (!frame?.matches(":focus-visible")) return;
    const place = frame.querySelector("svg")?.getBoundingClientRect() ?? frame.getBoundingClientRect();
    showTip(textOf(frame), place.left, place.bottom);
  });
  around.addEventListener("focusout", hideTip);
  graph.addEventListener("keydown", (e) => move(graph, e));
  const help = graph.closest("[data-region]")?.querySelector<HTMLElement>("[data-flame-help]");
  if (help) {
    help.hidden = false;
    help.addEventListener("click", () => openHelp());
  }
}

// label writes as much of each name as fits.
export function label(graph: Element, width: number): void {
  for (const frame of graph.querySelectorAll(":scope > a, :scope > g")) {
    const svg = frame.querySelector("svg");
    if (!svg) continue;
    const text = fitted(nameOf(frame), Math.floor((boxOf(frame).width * width - margin) / letter));
    let element = svg.querySelector("text");
    if (text === "") {
      element?.remove();
      continue;
    }
    if (!element) {
      element = document.createElementNS(svgSpace, "text");
      element.setAttribute("x", "4");
      element.setAttribute("y", "13");
      svg.append(element);
    }
    if (element.textContent !== text) element.textContent = text;
  }
}

function move(graph: Element, e: KeyboardEvent): void {
  if (e.altKey || e.ctrlKey || e.metaKey || !(e.target instanceof Element)) return;
  const frames = framesOf(graph);
  const at = frames.findIndex((f) => f === e.target);
  if (at < 0) return;
  const boxes = frames.map(boxOf);
  const box = boxes[at];
  if (!box) return;
  let next: number;
  switch (e.key) {
    case "ArrowUp": next = parent(boxes, box); break;
    case "ArrowDown": next = child(boxes, box); break;
    case "ArrowLeft": next = beside(boxes, box, -1); break;
    case "ArrowRight": next = beside(boxes, box, 1); break;
    default: return;
  }
  e.preventDefault();
  const frame = frames[next];
  if (!frame) return;
  frames[at]?.setAttribute("tabindex", "-1");
  frame.setAttribute("tabindex", "0");
  frame.focus();
}

// rescale zooms the picture that is there, until the server's comes.
export function rescale(frame: SVGElement): void {
  const graph = frame.closest("[data-flame]");
  if (!graph) return;
  hideTip();
  const at = boxOf(frame);
  for (const other of graph.querySelectorAll(":scope > a, :scope > g")) {
    const svg = other.querySelector("svg");
    const to = zoomed(boxOf(other), at);
    if (!svg || !to) {
      other.remove();
      continue;
    }
    svg.setAttribute("x", `${100 * to.x}%`);
    svg.setAttribute("width", `${100 * to.width}%`);
    svg.setAttribute("y", String(to.row * rowHeight));
  }
  label(graph, graph.getBoundingClientRect().width);
}

function openHelp(): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog[data-flame-dialog]");
  if (dialog && !dialog.open) dialog.showModal();
}

const typing = (e: Event): boolean => e.target instanceof Element && e.target.closest("input, textarea, select, dialog") !== null;

document.addEventListener("keydown", (e) => {
  if (e.altKey || e.ctrlKey || e.metaKey || e.defaultPrevented) return;
  const region = document.querySelector('[data-region="flame"]');
  if (!region) return;
  const field = region.querySelector<HTMLInputElement>("form[data-search] input[type=search]");
  if (e.key === "Escape" && e.target === field) {
    e.preventDefault(); // keep the pattern: the browser would empty the field
    field?.blur();
    return;
  }
  if (typing(e)) return;
  if (e.key === "/" && field) {
    e.preventDefault();
    field.focus();
    field.select();
    region.scrollIntoView({ block: "nearest" });
  } else if (e.key === "?") {
    e.preventDefault();
    openHelp();
  } else if (e.key === "Escape") {
    hideTip();
    const callers = region.querySelectorAll<HTMLAnchorElement>("[data-ancestors] li a");
    callers[callers.length - 1]?.click();
  }
});
