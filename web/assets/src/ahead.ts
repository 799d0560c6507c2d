// A view is asked for before the click: while the pointer rests on the link that
// leads to it, when the button goes down, or because it is likely the next. It is there
// when the click comes, mostly.

import { load } from "./load";

const rest = 50; // ms that the pointer stays on a link before its view is asked for
const fresh = 5000; // ms after which an answer may have aged
const most = 3; // answers that wait

interface Answer {
  part: string; // what of the page was asked for, as load has it
  page: Promise<Document>;
  control: AbortController;
  at: number;
}

const answers = new Map<string, Answer>(); // by address, the oldest first
let resting = 0;

const good = (answer: Answer, part: string): boolean => answer.part === part && performance.now() - answer.at < fresh;

function forget(url: string): void {
  answers.get(url)?.control.abort();
  answers.delete(url);
}

// ask has a view come that may be wanted soon.
export function ask(url: string, part: string): void {
  const there = answers.get(url);
  if (there && good(there, part)) return;
  forget(url);
  const control = new AbortController();
  const page = load(url, control.signal, part);
  page.catch(() => undefined); // who takes it is told
  answers.set(url, { part, page, control, at: performance.now() });
  for (const first of answers.keys()) {
    if (answers.size <= most) return;
    forget(first);
  }
}

// take is load, of what was asked for ahead where that is what is wanted.
export function take(url: string, signal: AbortSignal, part: string): Promise<Document> {
  clearTimeout(resting);
  const mine = answers.get(url);
  answers.delete(url); // what is taken is used up, or aborted by its taker
  for (const other of [...answers.keys()]) forget(other); // they were asked from another view
  if (mine && good(mine, part)) {
    signal.addEventListener("abort", () => mine.control.abort());
    return mine.page;
  }
  mine?.control.abort();
  return load(url, signal, part);
}

// watch asks ahead for what find says of the element under the pointer: an address
// and a part, or null. Of a whole page, which costs more, only a press asks.
export function watch(find: (target: Element) => { url: string; part: string } | null): void {
  document.addEventListener("pointerover", (e) => {
    clearTimeout(resting);
    if (e.pointerType !== "mouse" || e.buttons !== 0 || !(e.target instanceof Element)) return;
    const target = e.target;
    resting = window.setTimeout(() => {
      const view = target.isConnected ? find(target) : null;
      if (view && view.part !== "") ask(view.url, view.part);
    }, rest);
  });
  document.addEventListener("pointerdown", (e) => {
    if (e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey || !(e.target instanceof Element)) return;
    clearTimeout(resting);
    const view = find(e.target);
    if (view) ask(view.url, view.part);
  });
}
