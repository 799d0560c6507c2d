// The frames of a flame graph in the page: what they are called, where they are,
// and which frame of the other graph of a pair is the same one.

import { type Box } from "./geometry";

export const rowHeight = 18;

export interface Frame {
  element: SVGElement;
  box: Box;
}

// known keeps the frames of a graph: they are read once, when they are needed.
const known = new WeakMap<Element, Frame[]>();
const byHash = new WeakMap<Element, Map<string, Frame>>();

export function framesOf(graph: Element): Frame[] {
  let frames = known.get(graph);
  if (frames) return frames;
  frames = [];
  for (let e = graph.firstElementChild; e; e = e.nextElementSibling) {
    if (!(e instanceof SVGElement) || e.localName === "defs") continue;
    const rect = e.querySelector("rect");
    const number = (name: string): number => parseFloat(rect?.getAttribute(name) ?? "0");
    frames.push({ element: e, box: { x: number("x") / 100, width: number("width") / 100, row: Math.round(number("y") / rowHeight) } });
  }
  known.set(graph, frames);
  return frames;
}

// put moves a frame to a place.
export function put(frame: Element, to: Box): void {
  const y = to.row * rowHeight;
  for (const part of frame.children) {
    if (part.localName === "title") continue;
    part.setAttribute("x", `${(100 * Math.max(to.x, 0)).toFixed(4)}%`);
    part.setAttribute("y", String(part.localName === "text" ? y + 13 : y));
    if (part.localName === "rect") part.setAttribute("width", `${(100 * to.width).toFixed(4)}%`);
  }
}

// lastRow is the row of the root of a graph that stands on it; -1 where the root is
// above.
export function lastRow(graph: Element): number {
  return graph.hasAttribute("data-flip") ? Math.round(parseFloat(graph.getAttribute("height") ?? "0") / rowHeight) - 1 : -1;
}

// widthOf is the width in pixels that the labels of a graph are fitted for.
export const widthOf = (graph: Element): number => Number(graph.getAttribute("data-width"));

// forget has the frames read again, after they moved.
export function forget(graph: Element): void {
  known.delete(graph);
  byHash.delete(graph);
}

export const linksOf = (graph: Element): Frame[] => framesOf(graph).filter((f) => f.element.localName === "a");

// What is said of a frame stands in its label or, until it is asked for, in its title.
const titleOf = (frame: Element): string => frame.getAttribute("aria-label") ?? frame.querySelector("title")?.textContent ?? "";

// nameOf is the whole name of a function; of what is merged: how many.
export const nameOf = (frame: Element): string => titleOf(frame).split("\n", 1)[0] ?? "";

// say makes a text the label of a frame, in the place of its title.
function say(frame: Element, text: string): void {
  if (frame.getAttribute("aria-label") !== text) frame.setAttribute("aria-label", text);
  frame.querySelector("title")?.remove();
}

// textOf makes a title a label: the browser would show the title beside our tooltip.
export function textOf(frame: Element): string {
  const text = titleOf(frame);
  if (frame.querySelector("title")) say(frame, text);
  return text;
}

// recolour makes the frames of a graph those of a bare one of the same shape, which
// tells what they mean and not where they are: after a search, or with other figures.
export function recolour(graph: Element, bare: Element): void {
  const fills = bare.getAttribute("data-fills");
  if (fills !== null) paint(graph, fills.split(";"), graph.getAttribute("data-zoom") ?? "", bare.getAttribute("data-zoom") ?? "");
  else explain(graph, bare);
  byHash.delete(graph);
  bare.removeAttribute("data-bare");
  bare.removeAttribute("data-fills");
}

// paint gives the frames new classes, and links that begin with another address.
function paint(graph: Element, classes: string[], before: string, address: string): void {
  framesOf(graph).forEach(({ element }, i) => {
    classify(element, classes[i] ?? "");
    const href = before === address ? null : element.getAttribute("href");
    if (href?.startsWith(before)) element.setAttribute("href", address + href.slice(before.length));
  });
}

// classify gives a frame its class; the match that is looked at stays marked.
function classify(frame: Element, name: string): void {
  const before = frame.getAttribute("class") ?? "";
  const now = before.endsWith(" Flame-found") && name.includes("Flame-match") ? name + " Flame-found" : name;
  if (before !== now) frame.setAttribute("class", now);
}

// explain takes classes, links and facts from the frames of a bare graph.
function explain(graph: Element, bare: Element): void {
  const mine = framesOf(graph);
  let i = 0;
  for (const b of bare.children) {
    const a = mine[i++]?.element;
    if (!a) break;
    classify(a, b.getAttribute("class") ?? "");
    const href = b.getAttribute("href");
    if (href !== null && a.getAttribute("href") !== href) a.setAttribute("href", href);
    const title = a.localName === "a" ? null : a.querySelector("title");
    if (title) title.textContent = titleOf(b);
    else say(a, titleOf(b));
  }
}

// hashOf is what the link of a frame ends in: the hash of its path, or its name.
function hashOf(frame: Element): string {
  const href = frame.getAttribute("href") ?? "";
  return /[?&](?:at|pivot)=([^#]*)$/.exec(href)?.[1] ?? "";
}

// merged reports whether a frame stands for smaller ones.
export const merged = (frame: Element): boolean => frame.localName !== "a" || /&from=\d+$/.test(frame.getAttribute("href") ?? "");

// otherGraph is the other graph of a pair; null when there is one only.
export function otherGraph(graph: Element): Element | null {
  const all = graph.parentElement?.querySelectorAll(":scope > [data-flame]") ?? [];
  return [...all].find((g) => g !== graph) ?? null;
}

// twin is the same frame in another graph.
export function twin(frame: Element, other: Element): Frame | null {
  let map = byHash.get(other);
  if (!map) {
    map = new Map();
    for (const f of framesOf(other)) {
      const hash = hashOf(f.element);
      if (hash !== "" && !map.has(hash)) map.set(hash, f);
    }
    byHash.set(other, map);
  }
  return map.get(hashOf(frame)) ?? null;
}
