import * as Plot from "@observablehq/plot";
import { type Axis, axisOptions } from "./axis.ts";
import { drawFigure, type Figure, halo, palette } from "./figure.ts";

/** One line, named where it ends. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A level to compare with, such as the memory of a device. */
export interface Level {
  readonly name: string;
  readonly y: number;
}

/** What else a chart of lines can show. */
export interface LinesOptions {
  readonly levels?: readonly Level[];
  /** Marks each point with a dot, for series of few points. */
  readonly dots?: boolean;
}

const colors = Object.values(palette);
const dashes = ["", "7,3", "2,3", "9,3,2,3", "12,4", "4,2"];

/**
 * Lines over a common axis, each named at its end, told apart by dash as well as by color.
 *
 * @throws {RangeError} with no series, more than six, or a series without points.
 */
export function linesFigure(
  description: string,
  x: Axis,
  y: Axis,
  series: readonly Series[],
  options: LinesOptions = {},
): Figure {
  if (series.length < 1 || series.length > colors.length) {
    throw new RangeError(
      `Cannot draw lines as there must be 1 to ${colors.length} series: current number is ${series.length}`,
    );
  }
  const empty = series.find(({ points }) => points.length === 0);
  if (empty) {
    throw new RangeError(`Cannot draw lines as ${JSON.stringify(empty.name)} has no points`);
  }
  const { levels = [], dots = false } = options;
  const rows = series.flatMap(({ name, points }, index) =>
    points.map(([x, y]) => ({ name, x, y, color: colors[index]! }))
  );
  const xOptions = axisOptions(x, rows.map((row) => row.x));
  const yOptions = axisOptions(y, [...rows.map((row) => row.y), ...levels.map((level) => level.y)]);
  const ends = spread(
    series.map(({ name, points }, index) => ({
      name,
      x: points.at(-1)![0],
      y: points.at(-1)![1],
      color: colors[index]!,
    })),
    y,
    yOptions,
  );
  return drawFigure(description, {
    marginLeft: 84,
    marginRight: 36 + 7.4 * Math.max(...series.map(({ name }) => name.length)),
    x: xOptions,
    y: yOptions,
    marks: [
      Plot.ruleY(levels, { y: "y", stroke: "var(--figure-muted)", strokeDasharray: "4,4" }),
      Plot.text(levels, {
        x: xOptions.domain?.[0] ?? Math.min(...rows.map((row) => row.x)),
        y: "y",
        text: "name",
        dx: 6,
        dy: -8,
        textAnchor: "start",
        ...halo,
      }),
      series.map(({ points }, index) =>
        Plot.line(points, {
          stroke: colors[index]!,
          strokeWidth: 2.5,
          ...(dashes[index] ? { strokeDasharray: dashes[index] } : {}),
          clip: true,
        })
      ),
      dots ? Plot.dot(rows, { x: "x", y: "y", fill: "color", r: 3.5 }) : null,
      ends.map((end) => [
        Plot.dot([end], { x: "x", y: "y", dx: 12, dy: end.shift, r: 3.5, fill: end.color }),
        Plot.text([end], {
          x: "x",
          y: "y",
          text: "name",
          dx: 20,
          dy: end.shift,
          textAnchor: "start",
          fontWeight: 600,
          ...halo,
        }),
      ]),
    ],
  });
}

interface End {
  name: string;
  x: number;
  y: number;
  color: string;
}

/** Moves the names of lines that end close together apart, from the lowest up. */
function spread(
  ends: readonly End[],
  axis: Axis,
  options: { domain?: number[] },
): (End & { shift: number })[] {
  const scale = (value: number) => axis.scale === "log" ? Math.log(value) : value;
  const all = ends.map(({ y }) => scale(y));
  const [low, high] = options.domain
    ? [scale(options.domain[0]!), scale(options.domain[1]!)]
    : [Math.min(0, ...all), Math.max(...all)];
  const height = 328; // pixels between the margins
  const place = (end: End) => height * (1 - (scale(end.y) - low) / (high - low || 1));
  const sorted = ends.map((end) => ({ end, own: place(end), place: place(end) })).toSorted((a, b) =>
    b.own - a.own
  );
  const gap = 17;
  sorted.forEach((item, index) => {
    if (index > 0) item.place = Math.min(item.place, sorted[index - 1]!.place - gap);
  });
  // The highest may have been pushed over the edge: then it pushes back.
  sorted.toReversed().forEach((item, index, reversed) => {
    item.place = Math.max(item.place, index === 0 ? 0 : reversed[index - 1]!.place + gap);
  });
  return sorted.map(({ end, own, place }) => ({ ...end, shift: place - own }));
}
