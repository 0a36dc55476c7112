import * as Plot from "@observablehq/plot";
import { formatBytes } from "../units/mod.ts";
import { drawFigure, type Figure } from "./figure.ts";
import { panelMarks, panelNames, panelSize, type TileRun, turnNumber } from "./tile_panel.ts";

/**
 * Tiled attention in a few of its turns, side by side: what is in the fast memory is filled, what was computed and forgotten
 * is gray, and what is never computed is crossed out. K, V and Q are read, O is written.
 *
 * @param chosen The turns that are drawn, by their index in the steps.
 * @throws {RangeError} without turns, or for a turn that is not there.
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { flashSteps } from "@fewer-bytes/attention";
 * import { tilesFigure } from "@fewer-bytes/figures";
 *
 * const zeros = () => Matrix.zeros(4, 2);
 * const tile = { rows: 2, columns: 2 };
 * const steps = flashSteps({ queries: zeros(), keys: zeros(), values: zeros() }, { tile });
 * const run = { queries: 4, keys: 4, tile, steps };
 * assertStringIncludes(tilesFigure("Two turns.", run, [0, 3]).svg, "turn 4");
 * ```
 */
export function tilesFigure(description: string, run: TileRun, chosen: readonly number[]): Figure {
  if (chosen.length === 0) {
    throw new RangeError(
      "Cannot draw tiles as there must be at least one turn: current number is 0",
    );
  }
  const size = panelSize(run);
  const gap = 1.1;
  const panels = chosen.map((turn, index) => ({ turn, x: index * (size.width + gap) }));
  const width = chosen.length * (size.width + gap) - gap;
  const height = size.height + 2.4;
  return drawFigure(description, {
    width: 760,
    height: 744 * height / width + 16,
    marginLeft: 8,
    marginRight: 8,
    marginTop: 8,
    marginBottom: 8,
    x: { domain: [0, width], axis: null },
    y: { domain: [height, 0], axis: null },
    marks: [
      panels.map(({ turn, x }) => [panelMarks(run, turn, x, 0), panelNames(run, x, 0)]),
      Plot.text(panels, {
        x: ({ x }: { x: number }) => x + size.width / 2,
        y: size.height + 0.8,
        text: ({ turn }: { turn: number }) => `turn ${turnNumber(run, turn)}`,
        fontWeight: 600,
      }),
      Plot.text(panels, {
        x: ({ x }: { x: number }) => x + size.width / 2,
        y: size.height + 1.75,
        text: ({ turn }: { turn: number }) => {
          const { bytesRead, bytesWritten } = run.steps[turn]!;
          return `${formatBytes(bytesRead + bytesWritten)} so far`;
        },
        fill: "var(--figure-muted)",
      }),
    ],
  });
}
