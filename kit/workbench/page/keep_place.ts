/**
 * Keeps the place in a page through a reload and the way back, which the browser cannot do itself as the text comes
 * later than the page.
 */
export function keepPlace(): void {
  history.scrollRestoration = "manual";
  let resting: ReturnType<typeof setTimeout> | undefined;
  addEventListener("scroll", () => {
    clearTimeout(resting);
    resting = setTimeout(() => history.replaceState({ top: scrollY }, ""), 150);
  }, { passive: true });
}

/** Goes to the place where the page was left, or to the one that its address names. */
export function findPlace(): void {
  const { top } = (history.state ?? {}) as { top?: number };
  if (top !== undefined) return scrollTo({ top, behavior: "instant" });
  const anchor = decodeURIComponent(location.hash.slice(1));
  if (anchor) document.getElementById(anchor)?.scrollIntoView({ behavior: "instant" });
}
