import * as Plot from "@observablehq/plot";
import { type Axis, axisOptions } from "./axis.ts";
import { drawFigure, type Figure, palette } from "./figure.ts";

/** A part of a bar. */
export interface Bar {
  /** Which bar: bars stand in the order of their first mention. */
  readonly name: string;
  /** Which part of it, by color; "" in bars that have no parts. */
  readonly part: string;
  readonly value: number;
}

const colors = Object.values(palette);

/**
 * Horizontal bars, stacked from parts, with a legend of the parts and the sum at the end of each.
 *
 * @param describeValue How the sum is written at the end of a bar.
 * @param order All parts that there may be, so that each keeps its color from picture to picture.
 * @throws {RangeError} with no bars, or a value that is negative or no number.
 */
export function barsFigure(
  description: string,
  axis: Axis,
  bars: readonly Bar[],
  describeValue: (value: number) => string,
  order: readonly string[] = [],
): Figure {
  if (bars.length === 0) {
    throw new RangeError("Cannot draw bars as there must be at least one: current number is 0");
  }
  const bad = bars.find(({ value }) => !(Number.isFinite(value) && value >= 0));
  if (bad) {
    throw new RangeError(
      `Cannot draw bars as every value must be >= 0: current value of ${
        JSON.stringify(bad.name)
      } is ${bad.value}`,
    );
  }
  const names = [...new Set(bars.map(({ name }) => name))];
  const present = new Set(bars.map(({ part }) => part));
  const all = [...new Set([...order, ...present])];
  const parts = all.filter((part) => present.has(part));
  const sums = names.map((name) => ({
    name,
    value: bars.filter((bar) => bar.name === name).reduce((sum, { value }) => sum + value, 0),
  }));
  const color = new Map(all.map((part, index) => [part, colors[index % colors.length]!]));
  const legend = parts.some((part) => part !== "");
  let offset = 0;
  const swatches = parts.map((part) => {
    const place = { part, offset };
    offset += 34 + 7.4 * part.length;
    return place;
  });
  const marginLeft = 24 + 7.2 * Math.max(...names.map((name) => name.length));
  return drawFigure(description, {
    height: 90 + 30 * names.length + (legend ? 18 : 0),
    marginTop: legend ? 46 : 28,
    marginLeft,
    marginRight: 90,
    x: axisOptions(axis, sums.map(({ value }) => value)),
    y: { domain: names, label: null, padding: 0.25 },
    marks: [
      Plot.barX(bars, {
        x: "value",
        y: "name",
        fill: ({ part }: Bar) => color.get(part)!,
        order: parts,
        insetRight: 0.5,
      }),
      Plot.text(sums, {
        x: "value",
        y: "name",
        text: ({ value }: { value: number }) => describeValue(value),
        dx: 6,
        textAnchor: "start",
        fontWeight: 600,
      }),
      Plot.ruleX([0]),
      legend
        ? swatches.map(({ part, offset }) => [
          Plot.dot([part], {
            frameAnchor: "top-left",
            dx: offset + 6,
            dy: -26,
            r: 6,
            symbol: "square",
            fill: color.get(part)!,
          }),
          Plot.text([part], {
            frameAnchor: "top-left",
            dx: offset + 18,
            dy: -33,
            textAnchor: "start",
          }),
        ])
        : null,
    ],
  });
}
