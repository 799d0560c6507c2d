// Where the boxes of a flame graph are, without the page: pure, so that it can be
// tested and reasoned about alone. Places are fractions of the graph's width; rows
// count from the top, whatever they mean.

export interface Box {
  x: number;
  width: number;
  row: number;
}

const end = (b: Box): number => b.x + b.width;
const slack = 1e-4; // places are written with four digits

// beyond is the index of the box in the row above (way -1) or below (1) that b
// belongs to: the one that b is a part of, else the widest that is a part of b; -1
// for none. So it goes to callers and callees alike, whichever stand where.
export function beyond(boxes: readonly Box[], b: Box, way: 1 | -1): number {
  const middle = b.x + b.width / 2;
  let best = -1;
  for (let i = 0; i < boxes.length; i++) {
    const c = boxes[i];
    if (!c || c.row !== b.row + way) continue;
    if (c.width >= b.width - slack && c.x <= middle && middle <= end(c)) return i;
    const inside = c.x >= b.x - slack && end(c) <= end(b) + slack;
    if (inside && c.width > (boxes[best]?.width ?? -1)) best = i;
  }
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

// zoomed is where b goes when the graph is zoomed to at, which becomes so wide; rows
// count from the root here. Null when it leaves.
export function zoomed(b: Box, at: Box, width: number): Box | null {
  if (b.row < at.row || end(b) <= at.x + slack || b.x >= end(at) - slack || at.width <= 0) return null;
  const scale = width / at.width;
  return { x: (b.x - at.x) * scale, width: Math.min(b.width * scale, width), row: b.row - at.row };
}

// fitted is as much of a name as so many letters have room for; "" below three.
export function fitted(name: string, letters: number): string {
  if (letters < 3) return "";
  if (name.length <= letters) return name;
  const all = [...name];
  return all.length <= letters ? name : all.slice(0, letters - 1).join("") + "…";
}

// What an import path is made of, and how names of files end, which are none.
const importable = /^[\w\-~+%\u0080-\uffff][\w\-./~+%\u0080-\uffff]*$/;
const file = /^((?:[cm]?js|jsx|tsx?|py|rb|php|java|kt|rs|cc|cpp|go|so)(?::|$)|so\.)/;

// shortened drops the path before the last element of a Go package and the type
// parameters, as the server's labels do; names of other languages stay as they are.
export function shortened(name: string): string {
  const head = /^[^[(]*/.exec(name)?.[0] ?? "";
  const slash = head.lastIndexOf("/");
  const dot = head.indexOf(".", slash + 1);
  if (dot < 0 || !importable.test(head.slice(0, dot)) || file.test(head.slice(dot + 1))) return name;
  const open = name.indexOf("[");
  if (open > 0 && name.endsWith("]")) name = name.slice(0, open) + "[…]";
  return name.slice(slash + 1);
}
