import { type Displayed, displayed, escapeHtml } from "./displayed.ts";
import type { Figure } from "./figure.ts";

/** One picture of a sequence, and what its button says. */
export interface Frame {
  readonly name: string;
  readonly figure: Figure;
}

/**
 * Pictures to step through: a row of buttons, one picture at a time. The arrow keys walk through them.
 *
 * No script is needed, so it works on a page, in a deck and in a notebook that is only looked at. Where styles are taken
 * away, or are too old to ask which button is pressed, all pictures stand below one another.
 *
 * @param label What the buttons choose, such as "Turn".
 * @throws {RangeError} without pictures.
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import * as Plot from "@observablehq/plot";
 * import { drawFigure, steppedFigure } from "@fewer-bytes/figures";
 *
 * const frames = [1, 2].map((end) => ({
 *   name: String(end),
 *   figure: drawFigure(`A line up to ${end}.`, { marks: [Plot.line([[0, 0], [end, end]])] }),
 * }));
 * assertStringIncludes(steppedFigure("Step", frames).html, "A line up to 2.");
 * ```
 */
export function steppedFigure(
  label: string,
  frames: readonly Frame[],
): Displayed & { readonly html: string } {
  if (frames.length === 0) {
    throw new RangeError(
      "Cannot draw steps as there must be at least one picture: current number is 0",
    );
  }
  const words = frames.map(({ figure }) => figure.description).join("\n");
  // Buttons of one name exclude each other, on the whole page: so the name comes from the pictures.
  const group = `steps-${hash(label + words)}`;
  const html = `<div class="stepped-figure">
<style>${style(frames.length)}</style>
<fieldset><legend>${escapeHtml(label)}</legend>
${
    frames.map(({ name }, index) =>
      `<label><input type="radio" name="${group}"${index === 0 ? " checked" : ""}> ${
        escapeHtml(name)
      }</label>`
    ).join("\n")
  }
</fieldset>
<div class="frames">
${frames.map(({ figure }) => `<div class="frame">${figure.svg}</div>`).join("\n")}
</div>
</div>`;
  return { html, ...displayed({ "text/html": html, "text/plain": words }) };
}

function style(count: number): string {
  const chosen = Array.from(
    { length: count },
    (_, index) =>
      `.stepped-figure:has(label:nth-of-type(${index + 1}) input:checked) .frame:nth-of-type(${
        index + 1
      })`,
  );
  return `
.stepped-figure fieldset { display: flex; flex-wrap: wrap; gap: 0.2em 0.9em; border: 0; margin: 0 0 0.6em; padding: 0; }
.stepped-figure legend { float: left; padding: 0 0.9em 0 0; font-weight: 600; }
.stepped-figure label { white-space: nowrap; cursor: pointer; padding: 0.2em 0; }
@supports selector(:has(*)) {
  .stepped-figure .frame { display: none; }
  ${chosen.join(",\n  ")} { display: block; }
}`;
}

function hash(text: string): string {
  let sum = 0;
  for (const character of text) sum = (Math.imul(sum, 31) + character.codePointAt(0)!) >>> 0;
  return sum.toString(36);
}
