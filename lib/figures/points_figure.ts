import * as Plot from "@observablehq/plot";
import { type Axis, axisOptions } from "./axis.ts";
import { drawFigure, type Figure, halo, palette } from "./figure.ts";
import type { Series } from "./lines_figure.ts";
import { placeNames } from "./place_names.ts";

/** A point with a name of its own. */
export interface NamedPoint {
  readonly name: string;
  /** Points of a kind share a color and a shape. */
  readonly kind: string;
  readonly x: number;
  readonly y: number;
}

const colors = Object.values(palette);
const symbols = ["circle", "triangle", "square", "diamond", "star", "wye"] as const;
const size = { width: 760, height: 440, left: 84, top: 60, bottom: 44 };
const letter = 6.9;

/**
 * Named points over two axes, with curves to hold them against: what is spent, and what is left?
 *
 * Each name goes where it hides no point and no other name, if there is such a place next to its point.
 *
 * @param curves Drawn behind the points and named at their right ends.
 * @throws {RangeError} without points, with more than six kinds, or with a coordinate that is not finite.
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { pointsFigure } from "@fewer-bytes/figures";
 *
 * const points = [{ name: "INT4", kind: "integer", x: 4, y: 0.01 }];
 * assertStringIncludes(pointsFigure("A point.", { label: "x" }, { label: "y" }, points).svg, "INT4");
 * ```
 */
export function pointsFigure(
  description: string,
  x: Axis,
  y: Axis,
  points: readonly NamedPoint[],
  curves: readonly Series[] = [],
): Figure {
  const kinds = [...new Set(points.map(({ kind }) => kind))];
  if (kinds.length < 1 || kinds.length > colors.length) {
    throw new RangeError(
      `Cannot draw points as they must be of 1 to ${colors.length} kinds: current number is ${kinds.length}`,
    );
  }
  const bad = points.find((point) => !Number.isFinite(point.x) || !Number.isFinite(point.y));
  if (bad) {
    throw new RangeError(
      `Cannot draw points as both coordinates must be finite: ${
        JSON.stringify(bad.name)
      } is at ${bad.x}, ${bad.y}`,
    );
  }
  const lines = curves.flatMap(({ points }) => points);
  const allX = [...points.map((point) => point.x), ...lines.map(([at]) => at)];
  const allY = [...points.map((point) => point.y), ...lines.map(([, at]) => at)];
  const xOptions = axisOptions(x, allX);
  const yOptions = axisOptions(y, allY);
  const right = 40 + letter * Math.max(0, ...curves.map(({ name }) => name.length));
  const look = (kind: string) => kinds.indexOf(kind);
  const across = pixels(allX, xOptions, size.left, size.width - right);
  const up = pixels(allY, yOptions, size.height - size.bottom, size.top);
  const places = placeNames(
    points.map(({ name, x, y }) => ({ name, at: [across(x), up(y)] })),
    curves.map(({ points }) => points.map(([x, y]) => [across(x), up(y)])),
    [size.left, size.top, size.width, size.height - size.bottom],
  );
  let offset = 0;
  const legend = kinds.map((kind) => {
    const place = { kind, offset };
    offset += 36 + 7.4 * kind.length;
    return place;
  });
  return drawFigure(description, {
    height: size.height,
    marginLeft: size.left,
    marginRight: right,
    marginTop: size.top,
    marginBottom: size.bottom,
    x: xOptions,
    y: yOptions,
    marks: [
      curves.map(({ name, points }) => [
        Plot.line(points, { stroke: "var(--figure-muted)", strokeWidth: 2, clip: true }),
        Plot.text(points.slice(-1), {
          text: () => name,
          dx: 8,
          textAnchor: "start",
          fill: "var(--figure-muted)",
        }),
      ]),
      kinds.map((kind) =>
        Plot.dot(points.filter((point) => point.kind === kind), {
          x: "x",
          y: "y",
          r: 5,
          symbol: symbols[look(kind)]!,
          fill: colors[look(kind)]!,
        })
      ),
      points.map((point, i) => {
        const { dx, dy, anchor } = places[i]!;
        return Plot.text([point], {
          x: "x",
          y: "y",
          text: "name",
          dx,
          dy,
          textAnchor: anchor,
          ...halo,
        });
      }),
      legend.map(({ kind, offset }) => [
        Plot.dot([kind], {
          frameAnchor: "top-left",
          dx: offset + 6,
          dy: -22,
          r: 5,
          symbol: symbols[look(kind)]!,
          fill: colors[look(kind)]!,
        }),
        Plot.text([kind], {
          frameAnchor: "top-left",
          dx: offset + 18,
          dy: -29,
          textAnchor: "start",
        }),
      ]),
    ],
  });
}

/** Where on the picture a value will be. Without a domain, the axis spans its values and zero. */
function pixels(
  values: readonly number[],
  { type, domain }: { type?: "log"; domain?: number[] },
  from: number,
  to: number,
) {
  const scale = (value: number) => type === "log" ? Math.log(value) : value;
  const [low, high] = (domain ?? [Math.min(0, ...values), Math.max(...values)]).map(scale);
  return (value: number) => from + (to - from) * (scale(value) - low!) / (high! - low! || 1);
}
