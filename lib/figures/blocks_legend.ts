import * as Plot from "@observablehq/plot";
import type { MemoryBlock } from "./blocks_figure.ts";

/** How dense the color of what is taken and empty is. */
export const pale = 0.22;

type Look = "owner" | "shared" | "empty" | "free";

const letter = 7.1;
const lineHeight = 22;
const width = 740;

/**
 * What is to be explained below a map of blocks: its owners, and those looks that occur.
 *
 * @param color Of each owner, in their order.
 * @param called What owners are called together, when there are more than colors.
 * @returns How high it is, and its marks: given how far the frame of the figure lies right of it and below it.
 */
export function blocksLegend(
  blocks: readonly MemoryBlock[],
  color: ReadonlyMap<string, string>,
  called: string,
) {
  const colors = [...new Set(color.values())];
  const [first = "none"] = colors;
  const entries: { text: string; swatches: readonly string[]; look: Look }[] =
    color.size > colors.length
      ? [{ text: called, swatches: colors, look: "owner" }]
      : Array.from(color, ([text, own]) => ({ text, swatches: [own], look: "owner" }));
  if (blocks.some(({ owners }) => owners.length > 1)) {
    entries.push({ text: "shared", swatches: [first], look: "shared" });
  }
  if (blocks.some(({ owners, filled = 1 }) => owners.length > 0 && filled < 1)) {
    entries.push({ text: "taken, and empty", swatches: [first], look: "empty" });
  }
  if (blocks.some(({ owners }) => owners.length === 0)) {
    entries.push({ text: "free", swatches: [first], look: "free" });
  }
  let line = 0, offset = 0;
  const placed = entries.map((entry) => {
    const long = 22 + 15 * entry.swatches.length + letter * entry.text.length;
    if (offset > 0 && offset + long > width) [line, offset] = [line + 1, 0];
    const place = { ...entry, x: offset, y: lineHeight * line };
    offset += long;
    return place;
  });
  const marks = (left: number, top: number) =>
    placed.map(({ text, x, y, swatches, look }) => [
      swatches.map((fill, index) =>
        Plot.dot([0], {
          frameAnchor: "top-left",
          dx: left + x + 6 + 15 * index,
          dy: top + y + 20,
          r: 6,
          symbol: "square",
          fill: look === "free" ? "none" : fill,
          fillOpacity: look === "empty" ? pale : 1,
          ...rim[look],
        })
      ),
      Plot.text([text], {
        frameAnchor: "top-left",
        dx: left + x + 3 + 15 * swatches.length,
        dy: top + y + 13,
        textAnchor: "start",
      }),
    ]);
  return { height: lineHeight * (line + 1), marks };
}

const thin = { stroke: "var(--figure-grid)", strokeWidth: 1 } as const;
const rim = {
  owner: { stroke: "none" },
  shared: { stroke: "var(--figure-ink)", strokeWidth: 2 },
  empty: thin,
  free: thin,
} as const;
