import * as Plot from "@observablehq/plot";
// @ts-types="@types/d3-scale-chromatic"
import { interpolateViridis } from "d3-scale-chromatic";
import type { Axis } from "./axis.ts";
import { drawFigure, type Figure } from "./figure.ts";

/** One cell of a map. */
export interface HeatCell {
  readonly x: string;
  readonly y: string;
  readonly value: number;
}

/**
 * A map of values over two lists, with the value written in each cell and a ramp that explains the colors.
 *
 * Plot's own ramp legend needs a canvas, which is not there outside a browser; this one is drawn as a row of cells.
 *
 * @param domain The values at the two ends of the ramp; values beyond take the color of the end.
 * @throws {RangeError} with no cells, or a value that is no number.
 */
export function heatmapFigure(
  description: string,
  axes: { readonly x: Axis; readonly y: Axis; readonly value: string },
  cells: readonly HeatCell[],
  domain: readonly [number, number],
  describeValue: (value: number) => string,
): Figure {
  if (cells.length === 0) {
    throw new RangeError(
      "Cannot draw a map as there must be at least one cell: current number is 0",
    );
  }
  const bad = cells.find(({ value }) => !Number.isFinite(value));
  if (bad) {
    throw new RangeError(
      `Cannot draw a map as every value must be a number: current value at (${bad.x}, ${bad.y}) is ${bad.value}`,
    );
  }
  const share = (value: number) =>
    Math.min(1, Math.max(0, (value - domain[0]) / (domain[1] - domain[0])));
  const paint = (value: number) => interpolateViridis(0.12 + 0.83 * share(value));
  const rows = [...new Set(cells.map(({ y }) => y))];
  const height = 110 + 42 * rows.length;
  const steps = 40;
  const ramp = Array.from(
    { length: steps },
    (_, index) => ({ index, value: domain[0] + (domain[1] - domain[0]) * index / (steps - 1) }),
  );
  return drawFigure(description, {
    height,
    marginTop: 66,
    marginLeft: Math.max(96, 30 + 7 * Math.max(...rows.map(({ length }) => length))),
    x: {
      type: "band",
      domain: [...new Set(cells.map(({ x }) => x))],
      label: axes.x.label,
      padding: 0.04,
    },
    y: { type: "band", domain: rows, label: axes.y.label, padding: 0.04 },
    marks: [
      Plot.cell(cells, { x: "x", y: "y", fill: ({ value }: HeatCell) => paint(value), rx: 2 }),
      cells.map((cell) =>
        Plot.text([cell], {
          x: "x",
          y: "y",
          text: () => describeValue(cell.value),
          fontWeight: 600,
          className: share(cell.value) > 0.55 ? "on-light" : "on-dark",
        })
      ),
      ramp.map(({ index, value }) =>
        Plot.dot([0], {
          frameAnchor: "top-left",
          dx: 4 + index * 5,
          dy: -44,
          r: 5,
          symbol: "square",
          fill: paint(value),
          stroke: "none",
        })
      ),
      Plot.text([axes.value], { frameAnchor: "top-left", dx: 0, dy: -64, textAnchor: "start" }),
      Plot.text([describeValue(domain[1])], {
        frameAnchor: "top-left",
        dx: steps * 5 + 12,
        dy: -50,
        textAnchor: "start",
      }),
      Plot.text([describeValue(domain[0])], {
        frameAnchor: "top-left",
        dx: -8,
        dy: -50,
        textAnchor: "end",
      }),
    ],
  });
}
