// One tooltip for the page. It repeats what the element's label says, so it is
// hidden from assistive technology.

let tip: HTMLElement | null = null;

function element(): HTMLElement {
  if (tip?.isConnected) return tip;
  tip = document.createElement("div");
  tip.className = "Tip";
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  return tip;
}

// showTip shows text, its first line as a heading, near a point of the window.
export function showTip(text: string, x: number, y: number): void {
  const box = element();
  const [name = "", ...facts] = text.split("\n");
  const heading = document.createElement("span");
  heading.className = "Tip-name";
  heading.textContent = name;
  box.replaceChildren(heading, facts.join("\n"));
  box.hidden = false;
  const size = box.getBoundingClientRect();
  const left = Math.min(x + 14, innerWidth - size.width - 8);
  const below = y + 18 + size.height < innerHeight;
  box.style.left = `${Math.max(8, left)}px`;
  box.style.top = `${Math.max(8, below ? y + 18 : y - size.height - 10)}px`;
}

export function hideTip(): void {
  if (tip) tip.hidden = true;
}
