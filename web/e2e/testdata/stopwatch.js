// The stopwatch of the measuring tests, put into every page before its own
// scripts. Times are milliseconds since the navigation began.
(() => {
  const watch = (window.stopwatch = { drawn: null, moves: [], kind: "", painted: null });
  let arrived = () => {};
  // expect makes watch.painted the promise of the next move.
  watch.expect = () => { watch.painted = new Promise((then) => { arrived = then; }); };

  // painted calls back once the next frame has been painted: a task that is queued
  // while a frame is made runs after it.
  const painted = (then) => requestAnimationFrame(() => {
    const c = new MessageChannel();
    c.port1.onmessage = () => then(performance.now());
    c.port2.postMessage(0);
  });

  // still resolves once what was scrolled to has been drawn and the page rests: a person
  // looks before the click.
  watch.still = () => new Promise((then) => { setTimeout(() => painted(() => painted(then)), 100); });

  // What is looked for: a box of a flame graph, a row of a listing, plain text.
  const wanted = "body > pre, [data-flame] rect, #boxes .boxtext, #stack-chart .boxtext, [data-region='lines'] tbody tr, #content.source pre .line";
  const look = () => {
    if (document.readyState === "loading" || !document.querySelector(wanted)) {
      requestAnimationFrame(look);
      return;
    }
    const c = new MessageChannel();
    c.port1.onmessage = () => { watch.drawn = performance.now(); };
    c.port2.postMessage(0);
  };
  requestAnimationFrame(look);

  // A move begins with the key or the click and ends when the view that the page
  // says to have shown (the mark "view shown") has been painted.
  let began = null;
  const begin = (e) => { began = e.timeStamp; };
  addEventListener("click", begin, true);
  addEventListener("keydown", begin, true);
  const mark = performance.mark.bind(performance);
  const marks = {};
  performance.mark = (name, options) => {
    marks[name] = performance.now();
    if (name === "view shown" && began !== null) {
      const move = { kind: watch.kind, began, asked: marks["view asked"], came: marks["view came"], shown: marks["view shown"] };
      began = null;
      painted((now) => { arrived(watch.moves.push({ ...move, painted: now })); });
    }
    return mark(name, options);
  };
})();
