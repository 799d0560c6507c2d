// The switch between light and dark. The choice is a cookie, so the server writes
// it into the next page and nothing flashes.

const year = 31536000; // seconds

export function themes(): void {
  const button = document.querySelector<HTMLElement>("[data-theme-switch]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const now = root.dataset["theme"] ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    const next = now === "dark" ? "light" : "dark";
    root.dataset["theme"] = next;
    document.cookie = `theme=${next}; path=/; max-age=${year}; samesite=lax`;
  });
}
