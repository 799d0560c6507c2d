// While the form of a new comparison is filled in, it says how many runs that
// makes and about how long they take.

export function estimating(root: ParentNode): void {
  root.querySelectorAll<HTMLFormElement>("form[data-estimate]").forEach((form) => {
    form.addEventListener("input", () => estimate(form));
  });
}

// numbers reads a list as people type it: "5, 64, 1 024". Null when one is none.
export function numbers(text: string): number[] | null {
  const parts = text.split(/[,;]/).map((p) => p.replace(/[\s\u00a0\u2009\u202f]/g, "")).filter((p) => p !== "");
  const values = parts.map(Number);
  return values.length > 0 && values.every((v) => Number.isInteger(v) && v > 0) ? values : null;
}

function estimate(form: HTMLFormElement): void {
  const place = form.querySelector("[data-estimate-text]");
  if (!place) return;
  const values = new FormData(form);
  const text = (name: string): string => {
    const v = values.get(name);
    return typeof v === "string" ? v : "";
  };
  const sizes = numbers(text("sizes"));
  const concurrency = numbers(text("concurrency"));
  const rounds = numbers(text("rounds"))?.[0];
  const requests = numbers(text("requests"))?.[0];
  const sockets = values.getAll("sockets").length;
  const placements = values.getAll("placements").length;
  if (!sizes || !concurrency || !rounds || !requests || sockets === 0 || placements === 0) {
    place.textContent = "fill in every field to see how long it takes";
    return;
  }
  const cells = sizes.length * concurrency.length * placements * (sockets + 1);
  const runs = cells * rounds;
  const seconds = runs * (Number(form.dataset["perRun"]) + requests * Number(form.dataset["perRequest"]));
  place.textContent = `${cells} cells with the A/A cell · ${runs} runs · about ${lasting(seconds)}`;
}

// lasting writes seconds as people say them.
export function lasting(seconds: number): string {
  const s = Math.max(1, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 600) return `${Math.floor(s / 60)} min${s % 60 > 0 ? ` ${s % 60} s` : ""}`;
  if (s < 3600) return `${Math.round(s / 60)} min`;
  const minutes = Math.round(s / 60);
  return `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ""}`;
}
