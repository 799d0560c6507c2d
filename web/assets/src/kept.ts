// Graphs that were shown a short while ago: who zooms, goes back, or turns a graph
// around and back sees them again. The server is told their shapes, and answers with
// what their frames mean now.

const most = 6;

const graphs = new Map<string, Element>(); // by shape, what was put away last at the end

const shapeOf = (graph: Element): string => graph.getAttribute("data-shape") ?? "";
const widthOf = (graph: Element): string => graph.getAttribute("data-width") ?? "";

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

// shapes are those that need not be sent again to who shows these graphs now.
export function shapes(shown: Element[]): string[] {
  const width = shown[0] ? widthOf(shown[0]) : "";
  const same = [...graphs].filter(([, graph]) => widthOf(graph) === width).map(([shape]) => shape);
  return [...new Set([...shown.map(shapeOf), ...same])].filter((shape) => shape !== "");
}

// again is the graph that a bare one, of an answer, speaks of: shown now or kept.
export function again(shown: Element, bare: Element): Element {
  if (shapeOf(shown) === shapeOf(bare)) return shown;
  const graph = graphs.get(shapeOf(bare));
  if (!graph) throw new Error("the graph has changed since");
  graphs.delete(shapeOf(bare));
  return graph;
}
