import * as Plot from "@observablehq/plot";
import { type Axis, axisOptions } from "./axis.ts";
import { drawFigure, type Figure, palette } from "./figure.ts";

/** A line of numbers: the marks of a ruler, or values that lie where they lie. */
export interface NumberRow {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** Dots stand for data, marks (the default) for what a format can say. */
  readonly as?: "dots" | "marks";
  /** Written at the end of the line, such as how many numbers there are. */
  readonly note?: string;
}

const colors = Object.values(palette);
const rowHeight = 44;

/**
 * Numbers on lines, one line below the other: where does each format have its marks, and where are the values?
 *
 * @throws {RangeError} without rows, or with a value that is not finite.
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { numberLineFigure } from "@fewer-bytes/figures";
 *
 * const rows = [{ name: "two bits", values: [-1, 0, 1] }];
 * assertStringIncludes(numberLineFigure("Three marks.", { label: "Value →" }, rows).svg, "two bits");
 * ```
 */
export function numberLineFigure(
  description: string,
  axis: Axis,
  rows: readonly NumberRow[],
): Figure {
  if (rows.length === 0) {
    throw new RangeError(
      "Cannot draw number lines as there must be at least one: current number is 0",
    );
  }
  const placed = rows.flatMap((row, index) =>
    Array.from(row.values, (value) => {
      if (!Number.isFinite(value)) {
        throw new RangeError(
          `Cannot draw number lines as every value must be finite: ${
            JSON.stringify(row.name)
          } holds ${value}`,
        );
      }
      return {
        name: row.name,
        value,
        as: row.as ?? "marks",
        color: colors[index % colors.length]!,
      };
    })
  );
  const x = axisOptions(axis, placed.map(({ value }) => value));
  const notes = rows.map(({ name, note = "" }) => ({ name, note }));
  return drawFigure(description, {
    height: 84 + rowHeight * rows.length,
    marginLeft: 24 + 7.4 * Math.max(...rows.map(({ name }) => name.length)),
    marginRight: 30 + 7.4 * Math.max(...notes.map(({ note }) => note.length)),
    x,
    y: { type: "band", domain: rows.map(({ name }) => name), label: null, padding: 0.35 },
    marks: [
      Plot.tickX(placed.filter(({ as }) => as === "marks"), {
        x: "value",
        y: "name",
        stroke: "color",
        strokeWidth: 1.5,
      }),
      Plot.dot(placed.filter(({ as }) => as === "dots"), {
        x: "value",
        y: "name",
        fill: "color",
        fillOpacity: 0.65,
        r: 3.5,
      }),
      Plot.text(notes, {
        y: "name",
        text: "note",
        frameAnchor: "right",
        dx: 8,
        textAnchor: "start",
      }),
    ],
  });
}
