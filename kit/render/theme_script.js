// Runs in the head, before anything is painted, so that a chosen theme never flashes. Used by pages and decks.
{
  const key = "fewer-bytes-theme";
  const root = document.documentElement;
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  };
  try {
    apply(localStorage.getItem(key));
  } catch { /* Storage may be closed to files; the system's choice then stands. */ }
  addEventListener("storage", (event) => event.key === key && apply(event.newValue));
  globalThis.isDark = () =>
    (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches && "dark")) ===
      "dark";
  globalThis.toggleTheme = () => {
    apply(isDark() ? "light" : "dark");
    try {
      localStorage.setItem(key, root.dataset.theme);
    } catch { /* The choice then lasts as long as the page. */ }
  };
}
