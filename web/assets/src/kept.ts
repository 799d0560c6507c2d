// Graphs that were shown a short while ago: who zooms, goes back, or turns a graph
// around and back sees them again. The server is told their shapes, and answers with
// what their frames mean now.

import { widthOf } from "./frames";

const most = 6;

const graphs = new Map<string, Element>(); // by shape, what was put away last at the end

const shapeOf = (graph: Element): string => graph.getAttribute("data-shape") ?? "";
const idOf = (graph: Element): string => `${shapeOf(graph)}.${graph.getAttribute("data-facts") ?? ""}`;

// keep puts a graph away that leaves the page.
export function keep(graph: Element): void {
  const shape = shapeOf(graph);
  if (shape === "") return;
  graphs.delete(shape);
  graphs.set(shape, graph);
  for (const first of graphs.keys()) {
    if (graphs.size <= most) return;
    graphs.delete(first);
  }
}

// ids are the shapes and facts of the graphs that need not be sent again to who shows
// these now.
export function ids(shown: Element[]): string[] {
  const width = shown[0] ? widthOf(shown[0]) : 0;
  const same = [...graphs.values()].filter((graph) => widthOf(graph) === width);
  return [...new Set([...shown, ...same].filter((graph) => shapeOf(graph) !== "").map(idOf))];
}

// again is the graph that a bare one, of an answer, speaks of: shown now or kept. One
// that tells colours alone is of a graph with the same facts.
export function again(shown: Element, bare: Element): Element {
  const same = bare.hasAttribute("data-fills") ? idOf : shapeOf;
  if (same(shown) === same(bare)) return shown;
  const graph = graphs.get(shapeOf(bare));
  if (!graph || same(graph) !== same(bare)) throw new Error("the graph has changed since");
  graphs.delete(shapeOf(bare));
  return graph;
}
