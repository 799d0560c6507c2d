// Regions are panels that show one of many views: a flame graph, a listing. A
// link marked data-swap in a region, and its search form, fetch the page that
// they lead to and put that page's region in the place of this one. The address
// changes with it, so every view stays a link.

import { ask, take, watch } from "./ahead";
import { graphPart, refill } from "./fold";
import { load } from "./load";
import { rescale } from "./flame";
import { swap } from "./swap";

type Enhance = (root: ParentNode) => void;

const patience = 80; // ms before a zoom is drawn from what is there
const patient = 150; // ms before a region shows that it waits
const idle = 60; // ms after a view before the one that it came from is asked for
const quiet = 1000; // ms after a change of one region before the others follow

let going: AbortController | null = null;

function counterpart(page: Document, region: Element): Element | null {
  return page.querySelector(`[data-region="${CSS.escape(region.getAttribute("data-region") ?? "")}"]`);
}

// renew swaps every region that the page has too: one address is one state of all
// of them, so a choice of side in one panel turns the other. It returns the regions
// that the page has not.
function renew(page: Document, enhance: Enhance, but: Element[] = []): Element[] {
  const left: Element[] = [];
  for (const region of document.querySelectorAll("[data-region]")) {
    const next = but.includes(region) ? null : counterpart(page, region);
    if (next) swap(region, next, enhance);
    else left.push(region);
  }
  return left;
}

let others = 0;

// follow has the regions that are left take the new state after a while.
function follow(left: Element[], enhance: Enhance, wait: number): void {
  clearTimeout(others);
  if (left.length === 0) return;
  others = window.setTimeout(() => {
    const address = location.href;
    load(address).then(
      (page) => {
        const done = [...document.querySelectorAll("[data-region]")].filter((r) => !left.includes(r));
        if (location.href === address) renew(page, enhance, done);
      },
      () => undefined, // they stay as they are: the next change asks again
    );
  }, wait);
}

// alone is what the server answers of a page by itself: the flame graph, which is
// shown first. The other regions follow.
const alone = (region: Element): string => (region.getAttribute("data-region") === "flame" ? graphPart(region) : "");

// out is the link of a zoomed graph to the frame that calls it, null at the root.
export function out(region: Element): HTMLAnchorElement | null {
  const callers = region.querySelectorAll<HTMLAnchorElement>("[data-ancestors] li a");
  return callers[callers.length - 1] ?? region.querySelector<HTMLAnchorElement>("[data-ancestors] > a");
}

// askOut asks for the way back of a zoom: what it shows is in the page mostly, so the
// answer is short.
function askOut(region: Element): void {
  const address = location.href;
  window.setTimeout(() => {
    const a = location.href === address && region.isConnected ? out(region) : null;
    if (a) ask(hrefOf(a), alone(region));
  }, idle);
}

async function show(region: Element, url: string, enhance: Enhance, remember: "push" | "replace", wait = quiet): Promise<void> {
  going?.abort();
  clearTimeout(others);
  const mine = new AbortController();
  going = mine;
  region.setAttribute("aria-busy", "true");
  const late = window.setTimeout(() => region.setAttribute("data-late", ""), patient);
  // The marks are for whoever measures how long a view takes.
  performance.mark("view asked");
  try {
    const page = await take(url, mine.signal, alone(region));
    performance.mark("view came");
    if (!counterpart(page, region)) {
      location.assign(url);
      return;
    }
    if (remember === "push") history.pushState(null, "", url);
    else history.replaceState(null, "", url);
    const left = renew(page, enhance);
    performance.mark("view shown");
    refill();
    if (alone(region) !== "") askOut(region);
    follow(alone(region) === "" ? [] : left, enhance, wait);
  } catch (e) {
    if (e instanceof DOMException && e.name === "AbortError") return;
    location.assign(url); // the page itself says what is wrong
  } finally {
    clearTimeout(late);
  }
}

function plain(e: MouseEvent): boolean {
  return e.button === 0 && !e.defaultPrevented && !e.metaKey && !e.ctrlKey && !e.shiftKey && !e.altKey;
}

function hrefOf(a: Element): string {
  return new URL(a.getAttribute("href") ?? "", location.href).href;
}

// swapping is the link around an element that shows another view of its region.
function swapping(target: Element): { a: Element; region: Element } | null {
  const a = target.closest("a[href]");
  const region = a?.closest("[data-region]");
  return a && region && a.closest("[data-swap]") && !a.hasAttribute("data-whole-page") ? { a, region } : null;
}

function searchURL(form: HTMLFormElement): string {
  const url = new URL(form.getAttribute("action") ?? "", location.href);
  const values = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value !== "") values.append(name, value);
  }
  url.search = values.toString();
  return url.href;
}

let visiting: (region: Element, url: string) => void = (_, url) => location.assign(url);

// visit shows another view of a region, as a link in it does.
export function visit(region: Element, url: string): void {
  visiting(region, url);
}

let typing: { next: HTMLFormElement | null } | null = null;

// typed searches with each letter, one search at a time: what is typed until the
// answer has come is searched for then.
async function typed(form: HTMLFormElement, enhance: Enhance): Promise<void> {
  if (typing) {
    typing.next = form;
    return;
  }
  const mine = (typing = { next: form as HTMLFormElement | null });
  try {
    while (mine.next) {
      const asking = mine.next.isConnected ? mine.next : document.querySelector<HTMLFormElement>('[data-region="flame"] form[data-search]');
      mine.next = null;
      const region = asking?.closest('[data-region="flame"]');
      if (asking && region) await show(region, searchURL(asking), enhance, "replace");
    }
  } finally {
    typing = null;
  }
}

export function regions(enhance: Enhance): void {
  watch((target) => {
    const link = swapping(target);
    return link && { url: hrefOf(link.a), part: alone(link.region) };
  });
  visiting = (region, url) => void show(region, url, enhance, "push");
  document.addEventListener("click", (e) => {
    const link = plain(e) && e.target instanceof Element ? swapping(e.target) : null;
    if (!link) return;
    const { a, region } = link;
    e.preventDefault();
    const slow = a instanceof SVGElement ? window.setTimeout(() => rescale(a), patience) : 0;
    // What a choice in [data-alone] changes is seen in its own region only.
    void show(region, hrefOf(a), enhance, "push", a.closest("[data-alone]") ? quiet : 0).then(() => clearTimeout(slow));
  });

  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-search")) return;
    const region = form.closest("[data-region]");
    if (!region) return;
    e.preventDefault();
    void show(region, searchURL(form), enhance, "push");
  });

  document.addEventListener("input", (e) => {
    const field = e.target;
    if (!(field instanceof HTMLInputElement) || field.type !== "search") return;
    const form = field.closest<HTMLFormElement>("form[data-search]");
    const region = form?.closest('[data-region="flame"]');
    if (!form || !region) return;
    void typed(form, enhance);
  });

  window.addEventListener("popstate", () => void back(enhance));
}

// back shows the views of the address that the browser went back to.
async function back(enhance: Enhance): Promise<void> {
  going?.abort();
  try {
    const all = document.querySelectorAll("[data-region]");
    const page = await load(location.href, undefined, all.length === 1 && all[0] ? alone(all[0]) : "");
    if (renew(page, enhance).length === all.length) location.reload();
  } catch {
    location.reload();
  }
}
