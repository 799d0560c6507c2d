// The script of a page that was saved as one file: its flame graphs zoom and search
// within the frames that the file holds. A place is "#GRAPH/FRAME" in the address, so
// Back leads out again and a place can be bookmarked. Tooltips, arrow keys and labels
// are those of the pages (flame.ts).

import { copying } from "./copy";
import { flames, label } from "./flame";
import { forget, framesOf as boxesOf, nameOf, put, rowHeight } from "./frames";
import { shortened, zoomed, type Box } from "./geometry";
import { glossary } from "./glossary";

// Frame is an element of a graph with the place that it has in the whole.
interface Frame {
  element: SVGElement;
  box: Box;
  parent: number; // index of its caller, -1 for the root
  place: string; // "" where it cannot be zoomed to
  name: string;
  full: string;
  classes: string;
}

const placeOf = (e: Element): string => (e.getAttribute("href") ?? "").split("/", 2)[1] ?? "";

function framesOf(graph: SVGSVGElement): Frame[] {
  const frames: Frame[] = [];
  const above: number[] = []; // by row: the frame that was met last
  boxesOf(graph).forEach(({ element, box }, i) => {
    above[box.row] = i;
    const full = nameOf(element);
    frames.push({
      element, box, parent: box.row > 0 ? (above[box.row - 1] ?? -1) : -1, place: placeOf(element), name: shortened(full), full,
      classes: element.getAttribute("class") ?? "",
    });
  });
  return frames;
}

// Graph is one flame graph of the file with its tools.
class Graph {
  private readonly frames: Frame[];
  private readonly defs: Element[];
  private readonly svg: SVGSVGElement;
  private at = 0;

  constructor(readonly section: HTMLElement, readonly key: string, svg: SVGSVGElement) {
    this.svg = svg;
    this.frames = framesOf(svg);
    this.defs = [...svg.querySelectorAll(":scope > :not(a):not(g)")];
    const tools = section.querySelector<HTMLElement>("[data-single-tools]");
    if (tools) tools.hidden = false;
    this.field?.addEventListener("input", () => this.search());
    section.addEventListener("keydown", (e) => this.keys(e));
  }

  get field(): HTMLInputElement | null {
    return this.section.querySelector<HTMLInputElement>("[data-single-search]");
  }

  // zoom shows the frame at a place, the root for one that is not here.
  zoom(place: string): void {
    const found = this.frames.findIndex((f) => f.place !== "" && f.place === place);
    this.at = Math.max(found, 0);
    const to = this.frames[this.at]?.box;
    if (!to) return;
    const focused = this.svg.contains(document.activeElement);
    const shown: Frame[] = [];
    let rows = 1;
    for (const f of this.below()) {
      const box = zoomed(f.box, to, 1);
      if (!box) continue;
      put(f.element, box);
      rows = Math.max(rows, box.row + 1);
      shown.push(f);
    }
    this.svg.replaceChildren(...this.defs, ...shown.map((f) => f.element));
    this.svg.setAttribute("height", String(rows * rowHeight));
    shown.filter((f) => f.element.matches("a")).forEach((f, i) => f.element.setAttribute("tabindex", i === 0 ? "0" : "-1"));
    this.crumbs();
    this.search();
    forget(this.svg);
    label(this.svg, this.svg.getBoundingClientRect().width);
    if (focused) shown[0]?.element.focus({ preventScroll: true });
  }

  // below are the frame that is zoomed to and what it calls: frames stand in preorder.
  private below(): Frame[] {
    const row = this.frames[this.at]?.box.row ?? 0;
    const end = this.frames.findIndex((f, i) => i > this.at && f.box.row <= row);
    return this.frames.slice(this.at, end < 0 ? this.frames.length : end);
  }

  private crumbs(): void {
    const list = this.section.querySelector("[data-ancestors] ol");
    const reset = this.section.querySelector<HTMLElement>(".Flame-reset");
    if (reset) reset.hidden = this.at === 0;
    const items: HTMLElement[] = [];
    for (let i = this.frames[this.at]?.parent ?? -1; i >= 0; i = this.frames[i]?.parent ?? -1) {
      const f = this.frames[i];
      if (!f) break;
      const link = document.createElement("a");
      link.href = `#${this.key}/${f.place}`;
      link.textContent = f.name;
      link.title = f.full;
      const item = document.createElement("li");
      item.append(link);
      items.unshift(item);
    }
    list?.replaceChildren(...items);
  }

  // search marks the frames whose function matches, and says how much of the width
  // is theirs: nested matches count once.
  private search(): void {
    const pattern = this.field?.value ?? "";
    const re = compiled(pattern);
    this.field?.setAttribute("aria-invalid", String(re === undefined));
    const shown = new Set(this.below());
    const inside = new Set<number>();
    let width = 0;
    this.frames.forEach((f, i) => {
      const hit = re instanceof RegExp && (re.test(f.name) || re.test(f.full)) && f.place !== "";
      if (shown.has(f)) {
        if (hit && !inside.has(f.parent)) width += f.box.width / (this.frames[this.at]?.box.width || 1);
        if (hit || inside.has(f.parent)) inside.add(i);
      }
      f.element.setAttribute("class", re instanceof RegExp ? (hit ? `${f.classes} Flame-match` : "Fill-dim") : f.classes);
    });
    const said = this.section.querySelector("[data-single-matched]");
    if (!said) return;
    said.textContent = re === undefined ? "This is no regular expression." : re ? `${(100 * Math.min(width, 1)).toFixed(1)} % of the width matches` : "";
  }

  // keys keeps the keys within the graph that has the focus.
  private keys(e: KeyboardEvent): void {
    if (e.altKey || e.ctrlKey || e.metaKey || e.defaultPrevented) return;
    const typing = e.target === this.field;
    if (e.key === "Escape" && typing) {
      e.preventDefault(); // keep the pattern
      this.svg.querySelector<SVGAElement>("a[tabindex='0']")?.focus();
    } else if (e.key === "Escape" && this.at !== 0) {
      e.preventDefault();
      location.hash = `#${this.key}/${this.frames[this.frames[this.at]?.parent ?? 0]?.place ?? ""}`;
    } else if (e.key === "/" && !typing) {
      e.preventDefault();
      this.field?.focus();
      this.field?.select();
    }
  }
}

// compiled is null for no pattern and undefined for one that does not compile.
function compiled(pattern: string): RegExp | null | undefined {
  if (pattern === "") return null;
  try {
    return new RegExp(pattern.replace(/^\(\?i\)/, ""), pattern.startsWith("(?i)") ? "i" : "");
  } catch {
    return undefined;
  }
}

const graphs: Graph[] = [];
document.querySelectorAll<HTMLElement>("[data-single]").forEach((section) => {
  const svg = section.querySelector<SVGSVGElement>("[data-flame]");
  if (svg) graphs.push(new Graph(section, section.dataset["single"] ?? "", svg));
});

// follow shows what the address names; graphs that it does not name keep their place
// but the one that was left by Back.
let last = "";
function follow(): void {
  const [key = "", place = ""] = location.hash.slice(1).split("/", 2); // neither has a character that is escaped
  for (const g of graphs) {
    if (g.key !== key && g.key !== last) continue;
    const fold = g.section.querySelector("details");
    if (g.key === key && fold) fold.open = true;
    g.zoom(g.key === key ? place : "");
  }
  last = key;
}

// A printed page shows what is folded too.
const opened: HTMLDetailsElement[] = [];
addEventListener("beforeprint", () => {
  document.querySelectorAll("details").forEach((d) => {
    if (!d.open) opened.push(d);
    d.open = true;
  });
});
addEventListener("afterprint", () => {
  for (const d of opened.splice(0)) d.open = false;
});

glossary();
copying(document);
flames(document);
addEventListener("hashchange", follow);
follow();
