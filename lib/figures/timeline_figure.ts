import * as Plot from "@observablehq/plot";
import { formatQuantity, type Seconds } from "../units/mod.ts";
import { axisOptions } from "./axis.ts";
import { drawFigure, type Figure, palette } from "./figure.ts";

/** Something that takes time, in the lane of who does it. */
export interface TimelineBar {
  readonly lane: string;
  readonly start: Seconds;
  readonly end: Seconds;
  /** What is done, by color. */
  readonly kind: string;
  /** Written in the bar where it fits, and shown with its times where a mouse rests on it. */
  readonly label?: string;
}

/** Something that takes no time, such as an arrival. */
export interface TimelineMark {
  readonly lane: string;
  readonly at: Seconds;
  /** What happens: each label has a shape of its own, and stands in the legend. */
  readonly label?: string;
}

/** What a timeline shows. */
export interface Timeline {
  /** What the picture shows, in a sentence or two. */
  readonly description: string;
  readonly bars: readonly TimelineBar[];
  readonly marks?: readonly TimelineMark[];
  /** Name of the time axis. Default "Time →". */
  readonly label?: string;
  /** Where the time axis begins and ends, so that pictures can be compared. Default: all bars and marks, and zero. */
  readonly domain?: readonly [start: Seconds, end: Seconds];
  /** All lanes that there may be, from the top, so that each keeps its place from picture to picture. */
  readonly lanes?: readonly string[];
  /** All kinds that there may be, so that each keeps its color from picture to picture. */
  readonly kinds?: readonly string[];
}

const colors = Object.values(palette);
const symbols = ["diamond", "triangle", "star", "cross", "wye", "circle"] as const;
const width = 760;
const right = 24;
const letter = 6.9;

/**
 * Who does what, and when? A Gantt chart: one lane below the other in the order of first mention, bars colored by kind, and
 * marks for what happens at one moment.
 *
 * The time axis writes seconds with the prefix that fits: 200 ms, 5 µs.
 *
 * @throws {RangeError} without bars and marks, with more than six kinds or six labels of marks, with a bar that ends before
 * it starts, or with a time that is not finite.
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { timelineFigure } from "@fewer-bytes/figures";
 *
 * const { svg } = timelineFigure({
 *   description: "A prompt, then a token.",
 *   bars: [
 *     { lane: "request 1", start: 0.02, end: 0.05, kind: "prefill" },
 *     { lane: "request 1", start: 0.05, end: 0.06, kind: "decode" },
 *   ],
 *   marks: [{ lane: "request 1", at: 0, label: "arrival" }],
 * });
 * assertStringIncludes(svg, "50 ms");
 * ```
 */
export function timelineFigure(timeline: Timeline): Figure {
  const { description, bars, marks = [], label = "Time →" } = timeline;
  const kinds = [...new Set([...timeline.kinds ?? [], ...bars.map(({ kind }) => kind)])];
  const labels = [...new Set(marks.map(({ label = "" }) => label))];
  check(timeline, kinds, labels);
  const lanes = [...new Set([...timeline.lanes ?? [], ...[...bars, ...marks].map(laneOf)])];
  const times = [...bars.flatMap(({ start, end }) => [start, end]), ...marks.map(({ at }) => at)];
  const domain = timeline.domain ?? [Math.min(0, ...times), Math.max(...times)] as const;
  const left = 28 + letter * Math.max(...lanes.map(({ length }) => length));
  const pixel = (domain[1] - domain[0]) / (width - left - right) || 1; // seconds of it
  const lane = Math.max(9, Math.min(34, 420 / lanes.length));
  const legend = placeLegend([
    ...kinds.filter((kind) => bars.some((bar) => bar.kind === kind)).map((name) => ({
      name,
      symbol: "square" as const,
      fill: colors[kinds.indexOf(name)]!,
    })),
    ...labels.filter((name) => name).map((name) => ({
      name,
      symbol: symbols[labels.indexOf(name)]!,
      fill: "var(--figure-ink)",
    })),
  ]);
  const top = 22 + 20 * (1 + Math.max(-1, ...legend.map(({ row }) => row)));
  return drawFigure(description, {
    width,
    height: top + lane * lanes.length + 48,
    marginLeft: left,
    marginRight: right,
    marginTop: top,
    x: axisOptions({ label, unit: "s", domain }, times),
    y: {
      type: "band",
      domain: lanes,
      label: null,
      padding: 0.16,
      tickSize: 0,
      tickPadding: 10,
      // Names that would run into each other: only each second, third, … is written.
      ticks: lanes.filter((_, index) => index % Math.ceil(14 / lane) === 0),
    },
    marks: [
      Plot.barX(bars, {
        x1: "start",
        // A gap between neighbors, unless it would swallow the bar; and nothing is too short to be seen.
        x2: ({ start, end }: TimelineBar) =>
          end - start > 3 * pixel ? end - 0.7 * pixel : Math.max(end, start + pixel),
        y: "lane",
        fill: ({ kind }: TimelineBar) => colors[kinds.indexOf(kind)]!,
        title: ({ lane, kind, label, start, end }: TimelineBar) =>
          `${lane}: ${label ? `${kind}, ${label}` : kind}, from ${formatQuantity(start, "s")} to ${
            formatQuantity(end, "s")
          }`,
        clip: true,
      }),
      Plot.text(
        bars.filter(({ label = "", start, end }) =>
          label && lane > 14 && end - start > (letter * label.length + 4) * pixel &&
          start >= domain[0] && end <= domain[1]
        ),
        {
          x: ({ start, end }: TimelineBar) => (start + end) / 2,
          y: "lane",
          text: "label",
          fontSize: 12,
          fontWeight: 600,
          className: "on-light",
        },
      ),
      labels.map((name, index) =>
        Plot.dot(marks.filter(({ label = "" }) => label === name), {
          x: "at",
          y: "lane",
          r: Math.min(5, lane / 4),
          symbol: symbols[index]!,
          fill: "var(--figure-ink)",
          stroke: "var(--figure-background)",
          strokeWidth: 1,
        })
      ),
      legend.map(({ name, symbol, fill, row, offset }) => [
        Plot.dot([name], {
          frameAnchor: "top-left",
          dx: offset - left + 6,
          dy: 20 * row - top + 18,
          r: 6,
          symbol,
          fill,
        }),
        Plot.text([name], {
          frameAnchor: "top-left",
          dx: offset - left + 18,
          dy: 20 * row - top + 11,
          textAnchor: "start",
        }),
      ]),
    ],
  });
}

const laneOf = ({ lane }: { readonly lane: string }) => lane;

function check({ bars, marks = [] }: Timeline, kinds: readonly string[], labels: string[]): void {
  if (bars.length + marks.length === 0) {
    throw new RangeError(
      "Cannot draw a timeline as there must be a bar or a mark: current number is 0",
    );
  }
  for (
    const [what, { length }] of [["kinds of bars", kinds], ["labels of marks", labels]] as const
  ) {
    if (length > colors.length) {
      throw new RangeError(
        `Cannot draw a timeline as there must be at most ${colors.length} ${what}: current number is ${length}`,
      );
    }
  }
  for (
    const { lane, start, end } of [...bars, ...marks.map((m) => ({ ...m, start: m.at, end: m.at }))]
  ) {
    if (!(Number.isFinite(start) && Number.isFinite(end) && start <= end)) {
      throw new RangeError(
        `Cannot draw a timeline as each bar must end at or after its start, at finite times: ${
          JSON.stringify(lane)
        } has ${start} to ${end}`,
      );
    }
  }
}

/** Names side by side, and on another line where they do not fit. */
function placeLegend<T extends { readonly name: string }>(entries: readonly T[]) {
  let [row, offset] = [0, 8];
  return entries.map((entry) => {
    const size = 36 + 7.4 * entry.name.length;
    if (offset + size > width) [row, offset] = [row + 1, 8];
    const place = { ...entry, row, offset };
    offset += size;
    return place;
  });
}
