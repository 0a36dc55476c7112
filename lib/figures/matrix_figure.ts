import * as Plot from "@observablehq/plot";
import type { Matrix } from "../numeric/mod.ts";
import { drawFigure, type Figure, palette } from "./figure.ts";

/** A small matrix to look at. */
export interface MatrixPanel {
  readonly name: string;
  readonly values: Matrix;
}

const gap = 2; // cells between two panels

/**
 * Small matrices side by side, each value a square: its area is the magnitude, its color the sign, and a zero is a speck.
 *
 * @param group Columns between two vertical lines, such as 4 for 2:4. Default: no lines.
 * @throws {RangeError} without panels, or with a value that is no number.
 * @throws {TypeError} when the panels have not the same number of rows.
 */
export function matrixFigure(
  description: string,
  panels: readonly MatrixPanel[],
  group?: number,
): Figure {
  const [first] = panels;
  if (!first) {
    throw new RangeError(
      "Cannot draw matrices as there must be at least one: current number is 0",
    );
  }
  const { rows } = first.values;
  const largest = Math.max(...panels.map(({ values }) => Math.max(...values.data.map(Math.abs))));
  let left = 0;
  const placed = panels.map((panel) => {
    const { columns, rows: own, data } = panel.values;
    if (own !== rows) {
      throw new TypeError(
        `Cannot draw matrices as each must have ${rows} rows: ${panel.name} has ${own}`,
      );
    }
    const bad = data.find((value) => !Number.isFinite(value));
    if (bad !== undefined) {
      throw new RangeError(
        `Cannot draw matrices as every value must be a number: ${panel.name} holds ${bad}`,
      );
    }
    const place = { ...panel, left, columns };
    left += columns + gap;
    return place;
  });
  const width = left - gap;
  const squares = placed.flatMap(({ values, left, columns }) =>
    Array.from(values.data, (value, at) => ({
      x: left + at % columns + 0.5,
      y: Math.floor(at / columns) + 0.5,
      value,
      half: value === 0 ? 0.06 : Math.max(0.1, 0.46 * Math.sqrt(Math.abs(value) / largest)),
    }))
  );
  const lines = group === undefined
    ? []
    : placed.flatMap(({ left, columns }) =>
      Array.from({ length: Math.ceil(columns / group) - 1 }, (_, i) => left + (i + 1) * group)
    );
  const color = (value: number) =>
    value === 0 ? "var(--figure-muted)" : value > 0 ? palette.blue : palette.orange;
  const cell = 744 / width; // pixels
  return drawFigure(description, {
    height: 34 + cell * rows,
    marginTop: 26,
    marginBottom: 8,
    marginLeft: 8,
    marginRight: 8,
    x: { domain: [0, width], axis: null },
    y: { domain: [rows, 0], axis: null },
    marks: [
      Plot.rect(placed, {
        x1: "left",
        x2: ({ left, columns }: { left: number; columns: number }) => left + columns,
        y1: 0,
        y2: rows,
        fill: "none",
        stroke: "var(--figure-grid)",
      }),
      Plot.ruleX(lines, { y1: 0, y2: rows, stroke: "var(--figure-grid)" }),
      Plot.rect(squares, {
        x1: ({ x, half }: { x: number; half: number }) => x - half,
        x2: ({ x, half }: { x: number; half: number }) => x + half,
        y1: ({ y, half }: { y: number; half: number }) => y - half,
        y2: ({ y, half }: { y: number; half: number }) => y + half,
        fill: ({ value }: { value: number }) => color(value),
      }),
      Plot.text(placed, {
        x: ({ left, columns }: { left: number; columns: number }) => left + columns / 2,
        y: 0,
        dy: -12,
        text: "name",
        fontWeight: 600,
      }),
    ],
  });
}
