// Where the boxes of a flame graph are, without the page: pure, so that it can be
// tested and reasoned about alone. Places are fractions of the graph's width.

export interface Box {
  x: number;
  width: number;
  row: number;
}

const end = (b: Box): number => b.x + b.width;
const slack = 1e-4; // places are written with four digits

// parent is the index of the box that b stands under, -1 for none.
export function parent(boxes: readonly Box[], b: Box): number {
  const middle = b.x + b.width / 2;
  return boxes.findIndex((c) => c.row === b.row - 1 && c.x <= middle && middle <= end(c));
}

// child is the widest box right below b, -1 for none.
export function child(boxes: readonly Box[], b: Box): number {
  let best = -1;
  boxes.forEach((c, i) => {
    const inside = c.row === b.row + 1 && c.x >= b.x - slack && end(c) <= end(b) + slack;
    if (inside && c.width > (boxes[best]?.width ?? -1)) best = i;
  });
  return best;
}

// beside is the next box of the same row: to the right for 1, left for -1.
export function beside(boxes: readonly Box[], b: Box, way: 1 | -1): number {
  let best = -1;
  boxes.forEach((c, i) => {
    const away = (c.x - b.x) * way;
    if (c.row !== b.row || away <= 0) return;
    const nearest = boxes[best];
    if (!nearest || away < (nearest.x - b.x) * way) best = i;
  });
  return best;
}

// zoomed is where b goes when the graph is zoomed to at; null when it leaves.
export function zoomed(b: Box, at: Box): Box | null {
  if (b.row < at.row || end(b) <= at.x + slack || b.x >= end(at) - slack || at.width <= 0) return null;
  return { x: (b.x - at.x) / at.width, width: Math.min(b.width / at.width, 1), row: b.row - at.row };
}

// fitted is as much of a name as so many letters have room for; "" below three.
export function fitted(name: string, letters: number): string {
  if (letters < 3) return "";
  const all = [...name];
  return all.length <= letters ? name : all.slice(0, letters - 1).join("") + "…";
}
