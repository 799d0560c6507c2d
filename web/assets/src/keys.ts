// The keys of the flame graph. The dialog "Keys" of the page names them all.

import { point } from "./flame";
import { framesOf, linksOf, merged, nameOf, otherGraph } from "./frames";
import { beside, beyond } from "./geometry";
import { out, visit } from "./region";
import { hideTip } from "./tip";

// keys has one graph listen, and its button for help.
export function keys(graph: SVGSVGElement): void {
  graph.addEventListener("keydown", (e) => onFrame(graph, e));
  const help = graph.closest("[data-region]")?.querySelector<HTMLElement>("[data-flame-help]");
  if (help?.hidden) {
    help.hidden = false;
    help.addEventListener("click", () => openHelp());
  }
}

// onFrame moves from the frame that has the focus, or opens it elsewhere.
function onFrame(graph: Element, e: KeyboardEvent): void {
  if (e.altKey || e.ctrlKey || e.metaKey || !(e.target instanceof SVGElement)) return;
  const frames = linksOf(graph);
  const boxes = frames.map((f) => f.box);
  const at = frames.find((f) => f.element === e.target);
  if (!at) return;
  let next: number;
  switch (e.key) {
    case "ArrowUp": next = beyond(boxes, at.box, -1); break;
    case "ArrowDown": next = beyond(boxes, at.box, 1); break;
    case "ArrowLeft": next = beside(boxes, at.box, -1); break;
    case "ArrowRight": next = beside(boxes, at.box, 1); break;
    case "l": open(graph, at.element, "data-lines"); return;
    case "s": open(graph, at.element, "data-pivot"); return;
    default: return;
  }
  e.preventDefault();
  let target = frames[next]?.element;
  // Over the edge of one graph of a pair stands the other one.
  const other = otherGraph(graph);
  if (!target && other && (e.key === "ArrowDown" || e.key === "ArrowUp")) target = linksOf(other)[0]?.element;
  if (target) focusOn(graph, target);
}

function focusOn(graph: Element, frame: SVGElement): void {
  for (const f of framesOf(graph)) if (f.element.getAttribute("tabindex") === "0") f.element.setAttribute("tabindex", "-1");
  frame.setAttribute("tabindex", "0");
  frame.focus();
}

// open shows a function in another view: its lines, or what stands around it.
function open(graph: Element, frame: SVGElement, where: "data-lines" | "data-pivot"): void {
  const address = graph.getAttribute(where);
  if (address === null || merged(frame)) return;
  const name = nameOf(frame);
  const exact = "^" + name.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&") + "$";
  const url = address + encodeURIComponent(where === "data-lines" ? exact : name);
  const region = graph.closest("[data-region]");
  if (where === "data-pivot" && region) visit(region, url);
  else location.assign(url);
}

let found: SVGElement | null = null; // the match that was shown last

// step shows the next match of the search, or the one before, and keeps the focus
// where it is: on a frame it moves.
function step(region: Element, way: 1 | -1): void {
  const matches = [...region.querySelectorAll<SVGElement>("[data-flame] > a.Flame-match")];
  if (matches.length === 0) return;
  const active = document.activeElement;
  const from = active instanceof SVGElement && matches.includes(active) ? active : found;
  const at = from ? matches.indexOf(from) : -1;
  const next = at < 0 ? (way > 0 ? 0 : matches.length - 1) : (at + way + matches.length) % matches.length;
  const frame = matches[next];
  const graph = frame?.closest("[data-flame]");
  if (!frame || !graph) return;
  found?.classList.remove("Flame-found");
  found = frame;
  frame.classList.add("Flame-found");
  frame.scrollIntoView({ block: "nearest" });
  if (active instanceof HTMLInputElement) point(graph, frame);
  else focusOn(graph, frame);
}

function openHelp(): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog[data-flame-dialog]");
  if (dialog && !dialog.open) dialog.showModal();
}

const typing = (e: Event): boolean => e.target instanceof Element && e.target.closest("input, textarea, select, dialog") !== null;

// inField handles the keys of the search field: Enter goes through the matches of
// what is searched already.
function inField(region: Element, field: HTMLInputElement, e: KeyboardEvent): void {
  if (e.key === "Escape") {
    e.preventDefault(); // keep the pattern: the browser would empty the field
    hideTip();
    field.blur();
  } else if (e.key === "Enter" && field.value !== "" && field.value === new URL(location.href).searchParams.get(field.name)) {
    e.preventDefault();
    step(region, e.shiftKey ? -1 : 1);
  }
}

document.addEventListener("keydown", (e) => {
  if (e.altKey || e.ctrlKey || e.metaKey || e.defaultPrevented) return;
  const region = document.querySelector('[data-region="flame"]');
  if (!region) return;
  const field = region.querySelector<HTMLInputElement>("form[data-search] input[type=search]");
  if (field && e.target === field) return inField(region, field, e);
  if (typing(e)) return;
  switch (e.key) {
    case "/":
      if (!field) return;
      e.preventDefault();
      field.focus();
      field.select();
      region.scrollIntoView({ block: "nearest" });
      return;
    case "?":
      e.preventDefault();
      return openHelp();
    case "n":
      return step(region, 1);
    case "N":
      return step(region, -1);
    case "Escape": {
      hideTip();
      out(region)?.click();
    }
  }
});
