import * as Plot from "@observablehq/plot";
import type { FlashStep } from "../attention/mod.ts";
import { formatBytes } from "../units/mod.ts";
import { drawFigure, type Figure } from "./figure.ts";
import { panelMarks, panelNames, panelSize, type TileRun, turnNumber } from "./tile_panel.ts";

const width = 760;
const legend = [
  "filled: in the fast memory, or written",
  "pale: a result that is not finished",
  "gray: scores that were computed and forgotten",
  "×: never computed, as a later token is not seen",
];
/** Pixels from the left where the words begin. */
const words = 296;

/**
 * One turn of a tiled attention, large, with what the fast memory holds in words: the running maximum and sum of each query,
 * and the bytes so far.
 *
 * @param turn Index into the steps of the run; a tile that is skipped has no picture.
 * @throws {RangeError} for a turn that is not there, or is skipped.
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { flashSteps } from "@fewer-bytes/attention";
 * import { tileStepFigure } from "@fewer-bytes/figures";
 *
 * const zeros = () => Matrix.zeros(4, 2);
 * const tile = { rows: 2, columns: 2 };
 * const steps = flashSteps({ queries: zeros(), keys: zeros(), values: zeros() }, { tile });
 * const figure = tileStepFigure({ queries: 4, keys: 4, tile, steps }, 1);
 * assertStringIncludes(figure.description, "queries 0 to 1 meet keys 2 to 3");
 * ```
 */
export function tileStepFigure(run: TileRun, turn: number): Figure {
  const size = panelSize(run);
  const marks = panelMarks(run, turn, 0, 0);
  const step = run.steps[turn]!;
  if (step.masked === "wholly") {
    throw new RangeError(`Cannot draw a turn as turn ${turn} is skipped: its tile is never read`);
  }
  const unit = Math.min(38, 264 / size.width); // pixels of a tile
  const lines = linesOf(step, turnNumber(run, turn));
  const height = Math.max(size.height * unit, 24 * lines.length + 20 * legend.length) + 16;
  return drawFigure(lines.map(({ text }) => text).join(" "), {
    width,
    height,
    marginLeft: 8,
    marginRight: 8,
    marginTop: 8,
    marginBottom: 8,
    x: { domain: [0, (width - 16) / unit], axis: null },
    y: { domain: [(height - 16) / unit, 0], axis: null },
    marks: [
      marks,
      panelNames(run, 0, 0),
      lines.map(({ text, bold }, index) =>
        Plot.text([text], {
          frameAnchor: "top-left",
          dx: words,
          dy: 6 + 24 * index,
          textAnchor: "start",
          fontSize: 14,
          fontWeight: bold ? 600 : 400,
        })
      ),
      legend.map((text, index) =>
        Plot.text([text], {
          frameAnchor: "bottom-left",
          dx: words,
          dy: -4 - 20 * (legend.length - 1 - index),
          textAnchor: "start",
          fill: "var(--figure-muted)",
        })
      ),
    ],
  });
}

function linesOf(step: FlashStep, number: number): { text: string; bold?: boolean }[] {
  const { rows, columns, brought, maxima, sums, bytesRead, bytesWritten } = step;
  const range = ([first, end]: readonly [number, number]) =>
    end - first === 1 ? String(first) : `${first} to ${end - 1}`;
  const list = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(", ");
  const finished = sums.length === 0;
  return [
    {
      text: `Turn ${number}: queries ${range(rows)} meet keys ${range(columns)}.`,
      bold: true,
    },
    { text: `Read: ${brought.join("; ").replaceAll("–", " to ")}.` },
    { text: `Largest scores so far: ${list(maxima)}.` },
    {
      text: finished
        ? "Divided by the sums, and written."
        : `Sums relative to them: ${list(sums)}.`,
    },
    { text: `Read until now: ${formatBytes(bytesRead)}.` },
    { text: `Written until now: ${formatBytes(bytesWritten)}.` },
  ];
}
