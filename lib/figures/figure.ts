import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Displayed, displayed } from "./displayed.ts";

/** Colors of series: each is readable on white and on near-black paper, and told apart with any common color vision. */
export const palette = {
  blue: "#2f7ed8",
  orange: "#d9730d",
  green: "#2e9e5b",
  pink: "#d6456b",
  purple: "#8a63d2",
  gray: "#7d8590",
} as const;

/** Options of a text that crosses lines: a rim in the color of the paper keeps it legible. */
export const halo = { stroke: "var(--figure-background)", strokeWidth: 4 } as const;

/** Ink, lines and paper follow the page, or the reader's system where there is no page around the picture. */
const style = `
svg.fewer-bytes { --figure-background: #ffffff; --figure-ink: #1f2328; --figure-muted: #59636e; --figure-grid: #d1d9e0; }
@media (prefers-color-scheme: dark) {
  svg.fewer-bytes { --figure-background: #16181d; --figure-ink: #e6e8eb; --figure-muted: #9aa4af; --figure-grid: #363b42; }
}
svg.fewer-bytes { background: var(--figure-background); color: var(--figure-ink); max-width: 100%; height: auto;
  font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
svg.fewer-bytes text { white-space: pre; fill: var(--figure-ink); paint-order: stroke; stroke-linejoin: round; }
svg.fewer-bytes .on-light text { fill: #14161a; }
svg.fewer-bytes .on-dark text { fill: #ffffff; }
svg.fewer-bytes [aria-label$="grid"] { stroke: var(--figure-grid); stroke-opacity: 1; }`;

/** A picture: an SVG that stands on its own, and a text that says what it shows. */
export interface Figure extends Displayed {
  readonly svg: string;
  readonly description: string;
}

/**
 * Draws a figure with Observable Plot. It is a pure function from data to SVG: no browser, no canvas, no file.
 *
 * @param description What the picture shows, in a sentence or two: it is what a screen reader reads, and what stays
 * where pictures cannot be shown.
 * @param options Plot's own options; size, margins and font have defaults.
 * @throws {TypeError} when the description is empty: a picture without words is lost on some readers.
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import * as Plot from "@observablehq/plot";
 * import { drawFigure } from "@fewer-bytes/figures";
 *
 * const figure = drawFigure("One rising line.", { marks: [Plot.line([[0, 0], [1, 1]])] });
 * assertStringIncludes(figure.svg, 'aria-label="One rising line."');
 * ```
 */
export function drawFigure(description: string, options: Plot.PlotOptions): Figure {
  if (!description.trim()) {
    throw new TypeError(
      "Cannot draw a figure as it must have a description: current value is empty",
    );
  }
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const plot = Plot.plot({
    width: 760,
    height: 400,
    marginTop: 28,
    marginRight: 24,
    marginBottom: 44,
    marginLeft: 64,
    className: "plot",
    ...options,
    document: document as unknown as Document,
  });
  plot.classList.add("fewer-bytes");
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", description);
  // Plot leaves it out; without it the picture is broken wherever it is shown as an image and not as part of a page.
  plot.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const own = plot.querySelector("style");
  if (own) own.textContent = style;
  const svg = ownIds(plot.outerHTML, description);
  return { svg, description, ...displayed({ "image/svg+xml": svg, "text/plain": description }) };
}

/**
 * Plot numbers the ids of clip paths through the whole process, so the same figure would differ each time. They are
 * numbered within the figure instead, with a prefix from its description, so that two figures on one page do not meet.
 */
function ownIds(svg: string, description: string): string {
  let hash = 0;
  for (const character of description) {
    hash = (Math.imul(hash, 31) + character.codePointAt(0)!) >>> 0;
  }
  const numbers = new Map<string, number>();
  return svg.replaceAll(/plot-clip-\d+/g, (id) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
    return `clip-${hash.toString(36)}-${numbers.get(id)}`;
  });
}
