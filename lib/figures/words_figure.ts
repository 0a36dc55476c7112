import * as Plot from "@observablehq/plot";
import { drawFigure, type Figure, palette } from "./figure.ts";

/** A word, and what became of it. */
export interface FiguredWord {
  readonly text: string;
  /** Words of a kind share a color. */
  readonly kind: string;
  /** Crossed out. */
  readonly struck?: boolean;
}

/** Words that were written at once. */
export interface WordRow {
  readonly name: string;
  readonly words: readonly FiguredWord[];
}

const colors = Object.values(palette);
const width = 760;
const letter = 7.4;
const line = 30;

/**
 * Text in rows, each word in a box whose color says what became of it: which words were guessed, kept, crossed out?
 *
 * Rows too long for the picture go on in the next line.
 *
 * @param order Kinds in the order of their colors. Default: that of first mention.
 * @throws {RangeError} without words, or with more than six kinds.
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { wordsFigure } from "@fewer-bytes/figures";
 *
 * const words = [{ text: "Mira", kind: "kept" }, { text: "ran", kind: "refused", struck: true }];
 * assertStringIncludes(wordsFigure("Two words.", [{ name: "round 1", words }]).svg, "Mira");
 * ```
 */
export function wordsFigure(
  description: string,
  rows: readonly WordRow[],
  order: readonly string[] = [],
): Figure {
  const kinds = [
    ...new Set([...order, ...rows.flatMap(({ words }) => words.map(({ kind }) => kind))]),
  ];
  if (kinds.length < 1 || kinds.length > colors.length) {
    throw new RangeError(
      `Cannot draw words as they must be of 1 to ${colors.length} kinds: current number is ${kinds.length}`,
    );
  }
  const left = 20 + letter * Math.max(...rows.map(({ name }) => name.length));
  let lines = 0;
  const names: { name: string; y: number }[] = [];
  const boxes = rows.flatMap(({ name, words }) => {
    names.push({ name, y: lines });
    let x = left;
    const placed = words.map((word) => {
      const size = 14 + letter * word.text.length;
      if (x > left && x + size > width) [x, lines] = [left, lines + 1];
      const box = { ...word, x1: x, x2: x + size, y: lines };
      x += size + 4;
      return box;
    });
    lines++;
    return placed;
  });
  let offset = 8;
  const legend = kinds.map((kind, index) => {
    const place = { kind, offset, fill: colors[index]! };
    offset += 36 + letter * kind.length;
    return place;
  });
  const fill = ({ kind }: FiguredWord) => colors[kinds.indexOf(kind)]!;
  const middle = ({ x1, x2 }: { x1: number; x2: number }) => (x1 + x2) / 2;
  const top = 40;
  return drawFigure(description, {
    width,
    height: top + line * lines + 6,
    marginTop: top,
    marginBottom: 6,
    marginLeft: 0,
    marginRight: 0,
    x: { domain: [0, width], axis: null },
    y: { domain: [lines - 0.5, -0.5], axis: null },
    marks: [
      Plot.rect(boxes, {
        x1: "x1",
        x2: "x2",
        y1: ({ y }: { y: number }) => y - 0.4,
        y2: ({ y }: { y: number }) => y + 0.4,
        fill,
        fillOpacity: 0.28,
        stroke: fill,
        rx: 4,
      }),
      Plot.text(names, { x: 8, y: "y", text: "name", textAnchor: "start", fontWeight: 600 }),
      Plot.text(boxes, { x: middle, y: "y", text: "text" }),
      Plot.ruleY(boxes.filter(({ struck }) => struck), {
        x1: ({ x1 }: { x1: number }) => x1 + 4,
        x2: ({ x2 }: { x2: number }) => x2 - 4,
        y: "y",
        stroke: "currentColor",
        strokeWidth: 1.5,
      }),
      legend.map(({ kind, offset, fill }) => [
        Plot.dot([kind], {
          frameAnchor: "top-left",
          dx: offset + 6,
          dy: -24,
          r: 6,
          symbol: "square",
          fill,
        }),
        Plot.text([kind], {
          frameAnchor: "top-left",
          dx: offset + 18,
          dy: -31,
          textAnchor: "start",
        }),
      ]),
    ],
  });
}
