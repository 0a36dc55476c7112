import * as Plot from "@observablehq/plot";
import { drawFigure, type Figure, palette } from "./figure.ts";

/** One kind of attention: how many query heads look at how many things that are kept. */
export interface HeadsPanel {
  readonly name: string;
  readonly queryHeads: number;
  /** A key and a value each; "latent" is one vector for all heads, with a rotary key beside it. */
  readonly keyValueHeads: number | "latent";
  /** Layers that look at the same cache. Default 1. */
  readonly layers?: number;
  /** Written below, such as how many values are kept. */
  readonly note?: string;
}

const gap = 2.6;
const row = 1.5;
const box = 0.6;

/**
 * Who looks at what? Query heads as dots above, and below them what is kept of a token: a key (filled) and a value for
 * each key-value head, or one latent with its rotary key.
 *
 * @throws {RangeError} without panels, or when key-value heads do not divide query heads.
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { headsFigure } from "@fewer-bytes/figures";
 *
 * const panel = { name: "GQA", queryHeads: 8, keyValueHeads: 2 };
 * assertStringIncludes(headsFigure("Two of eight.", [panel]).svg, "GQA");
 * ```
 */
export function headsFigure(description: string, panels: readonly HeadsPanel[]): Figure {
  if (panels.length === 0) {
    throw new RangeError("Cannot draw heads as there must be a panel: current number is 0");
  }
  const highest = Math.max(...panels.map(({ layers = 1 }) => layers));
  let left = 0;
  const drawn = panels.map((panel) => {
    const place = layOut(panel, left);
    left += panel.queryHeads + gap;
    return place;
  });
  const width = left - gap;
  const top = row * highest + 1;
  const unit = 744 / (width + 1);
  const middle = ({ start, queryHeads }: Placed) => start + queryHeads / 2;
  return drawFigure(description, {
    height: unit * (top + 2.6) + 16,
    marginLeft: 8,
    marginRight: 8,
    marginTop: 8,
    marginBottom: 8,
    x: { domain: [-0.5, width + 0.5], axis: null },
    y: { domain: [-2.6, top], axis: null },
    marks: [
      Plot.link(drawn.flatMap(({ links }) => links), {
        x1: "x1",
        y1: "y1",
        x2: "x2",
        y2: 0,
        stroke: "var(--figure-muted)",
        strokeOpacity: 0.7,
      }),
      drawn.flatMap(({ boxes }) => boxes).map(({ fill, ...edges }) =>
        Plot.rect([edges], {
          x1: "x1",
          x2: "x2",
          y1: "y1",
          y2: "y2",
          fill: fill ?? "var(--figure-background)",
          stroke: fill ?? palette.orange,
          strokeWidth: 1.5,
        })
      ),
      Plot.dot(drawn.flatMap(({ dots }) => dots), { x: "x", y: "y", r: 7, fill: palette.blue }),
      Plot.text(drawn, {
        x: middle,
        y: ({ layers }: Placed) => row * layers + 0.65,
        text: "name",
        fontWeight: 600,
      }),
      Plot.text(drawn, { x: middle, y: -2.1, text: "note" }),
    ],
  });
}

interface Box {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  /** Values are drawn as outlines, without one. */
  readonly fill?: string;
}

type Placed = ReturnType<typeof layOut>;

function layOut(
  { name, queryHeads, keyValueHeads, layers = 1, note = "" }: HeadsPanel,
  start: number,
) {
  const latent = keyValueHeads === "latent";
  const groups = latent ? 1 : keyValueHeads;
  if (!Number.isInteger(queryHeads / groups)) {
    throw new RangeError(
      `Cannot draw ${name} as key-value heads must divide its ${queryHeads} query heads: current value is ${groups}`,
    );
  }
  const share = queryHeads / groups;
  const center = (group: number) => start + (group + 0.5) * share;
  const dots = Array.from({ length: queryHeads * layers }, (_, i) => ({
    x: start + i % queryHeads + 0.5,
    y: row * (1 + Math.floor(i / queryHeads)),
  }));
  const links = dots.map(({ x, y }, i) => ({
    x1: x,
    y1: y,
    x2: center(Math.floor(i % queryHeads / share)),
  }));
  const square = (middle: number, low: number, half = box / 2): Box => ({
    x1: middle - half,
    x2: middle + half,
    y1: low,
    y2: low + box,
  });
  const boxes: Box[] = latent
    ? [
      { ...square(start + queryHeads / 2 - 0.2, -box, 1.3), fill: palette.purple },
      { ...square(start + queryHeads / 2 + 1.35, -box, 0.2), fill: palette.pink },
    ]
    : Array.from({ length: groups }, (_, group) => [
      { ...square(center(group), -box), fill: palette.orange },
      square(center(group), -2.1 * box),
    ]).flat();
  return { name, queryHeads, layers, note, start, dots, links, boxes };
}
