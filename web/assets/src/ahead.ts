// A view is asked for before the click: while the pointer rests on the link that
// leads to it, or when the button goes down. It is there when the click comes, mostly.

import { load } from "./load";

const rest = 50; // ms that the pointer stays on a link before its view is asked for
const fresh = 5000; // ms after which an answer may have aged

interface Answer {
  url: string;
  part: string; // what of the page was asked for, as load has it
  page: Promise<Document>;
  control: AbortController;
  at: number;
}

let answer: Answer | null = null;
let resting = 0;

function ask(url: string, part: string): void {
  if (answer?.url === url && answer.part === part && performance.now() - answer.at < fresh) return;
  answer?.control.abort();
  const control = new AbortController();
  const page = load(url, control.signal, part);
  page.catch(() => undefined); // who takes it is told
  answer = { url, part, page, control, at: performance.now() };
}

// take is load, of what was asked for ahead where that is what is wanted.
export function take(url: string, signal: AbortSignal, part: string): Promise<Document> {
  clearTimeout(resting);
  const mine = answer;
  answer = null;
  if (mine?.url === url && mine.part === part && performance.now() - mine.at < fresh) {
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
