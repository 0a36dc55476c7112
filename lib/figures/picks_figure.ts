import * as Plot from "@observablehq/plot";
// @ts-types="@types/d3-scale-chromatic"
import { interpolateViridis } from "d3-scale-chromatic";
import { requireInteger } from "../units/mod.ts";
import { drawFigure, type Figure } from "./figure.ts";

/** How often each of some things was picked. */
export interface PickMap {
  readonly name: string;
  readonly counts: readonly number[];
}

/** How a map of picks is drawn. */
export interface PicksOptions {
  /** Things side by side. Default 16. */
  readonly columns?: number;
  /** The count with the brightest color, so that pictures can be compared. Default: the largest there is. */
  readonly most?: number;
  /** How a count is written. Default: as it is. */
  readonly describe?: (count: number) => string;
}

const width = 760, height = 34, gap = 30;

/**
 * Which of many things are picked, and how often? A square for each: an outline where nobody picked it, and the brighter the
 * more often it was picked, with the count written in it.
 *
 * @throws {RangeError} without things, or when a count is negative or no number.
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { picksFigure } from "@fewer-bytes/figures";
 *
 * const { svg } = picksFigure("Two of four.", [{ name: "Experts of a layer", counts: [0, 3, 0, 1] }]);
 * assertStringIncludes(svg, "Experts of a layer");
 * ```
 */
export function picksFigure(
  description: string,
  maps: readonly PickMap[],
  { columns = 16, most, describe = String }: PicksOptions = {},
): Figure {
  requireInteger(columns, 1, "draw picks", "columns");
  const all = maps.flatMap(({ counts }) => counts);
  requireInteger(all.length, 1, "draw picks", "the number of things");
  const bad = all.find((count) => !(Number.isFinite(count) && count >= 0));
  if (bad !== undefined) {
    throw new RangeError(
      `Cannot draw picks as every count must be at least 0: current value is ${bad}`,
    );
  }
  const top = most ?? Math.max(1, ...all);
  let y = 0;
  const placed = maps.map(({ name, counts }) => {
    const first = y + gap;
    const cells = counts.map((count, at) => ({
      count,
      x: at % columns,
      y: first + height * Math.floor(at / columns),
    }));
    y = first + height * Math.ceil(counts.length / columns);
    return { name, cells, y: first - 10 };
  });
  const cells = placed.flatMap(({ cells }) => cells);
  const share = (count: number) => Math.min(1, count / top);
  const box = { x1: "x", x2: right, y1: "y", y2: below, inset: 1.5, rx: 3 };
  return drawFigure(description, {
    width,
    height: y + 12,
    marginTop: 6,
    marginBottom: 6,
    marginLeft: 8,
    marginRight: 8,
    x: { domain: [0, columns], axis: null },
    y: { domain: [y, 0], axis: null },
    marks: [
      Plot.text(placed, {
        x: 0,
        y: "y",
        text: "name",
        textAnchor: "start",
        fontWeight: 600,
      }),
      Plot.rect(cells.filter(({ count }) => count === 0), {
        ...box,
        fill: "none",
        stroke: "var(--figure-muted)",
      }),
      Plot.rect(cells.filter(({ count }) => count > 0), {
        ...box,
        fill: ({ count }: Cell) => interpolateViridis(0.2 + 0.75 * share(count)),
      }),
      cells.filter(({ count }) => count > 0).map((cell) =>
        Plot.text([cell], {
          x: cell.x + 0.5,
          y: cell.y + height / 2,
          text: () => describe(cell.count),
          fontWeight: 600,
          className: share(cell.count) > 0.45 ? "on-light" : "on-dark",
        })
      ),
    ],
  });
}

type Cell = { readonly count: number; readonly x: number; readonly y: number };

const right = ({ x }: Cell) => x + 1;
const below = ({ y }: Cell) => y + height;
