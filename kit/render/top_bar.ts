import { courseName } from "./course_name.ts";
import { escapeHtml } from "./escape.ts";

/** A link in the top bar. */
export interface BarLink {
  href: string;
  text: string;
}

const halfDisc =
  `<svg aria-hidden="true" width="18" height="18" viewBox="0 0 18 18"><circle cx="9" cy="9" r="7" fill="none"
 stroke="currentColor" stroke-width="1.5"/><path d="M9 2a7 7 0 0 1 0 14z" fill="currentColor"/></svg>`;

/** The bar on top of a page: the course, links that go with the page, the button for light and dark. */
export function topBar(links: readonly BarLink[]): string {
  const items = links.map(({ href, text }) =>
    `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`
  ).join("");
  return `<header class="bar"><a class="brand" href="index.html">${courseName}</a>${items}` +
    `<button class="theme" type="button" hidden aria-pressed="false" aria-label="Dark colors" title="Dark colors">${halfDisc}</button>` +
    "</header>";
}
