import { type Tile, tileFootprint } from "./tile.ts";

/** Work of the ordinary units for one tile, besides the two matrix products. */
export interface SoftmaxWork {
  /** Values of fast memory. */
  readonly footprint: number;
  readonly exponentials: number;
  readonly divisions: number;
  /** Comparisons, additions and multiplications. */
  readonly simple: number;
}

/**
 * What does sigmoid attention save in a tile? The maxima and sums, the comparisons to find them, and the rescaling of every
 * output; it pays with a division for each weight (or a tanh, which hardware has).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tileWork } from "@fewer-bytes/attention";
 *
 * const { softmax, sigmoid } = tileWork({ rows: 128, columns: 128 }, { width: 128, valueWidth: 128 });
 * assertEquals(softmax.footprint - sigmoid.footprint, 2 * 128);
 * assertEquals([softmax.exponentials, sigmoid.exponentials], [128 * 129, 128 * 128]);
 * ```
 */
export function tileWork(
  tile: Tile,
  widths: { readonly width: number; readonly valueWidth: number },
): { readonly softmax: SoftmaxWork; readonly sigmoid: SoftmaxWork } {
  const { rows, columns } = tile;
  const scores = rows * columns;
  const footprint = tileFootprint(tile, widths);
  return {
    softmax: { // for each score a comparison, a subtraction, an addition; for each row one factor for its sum and outputs
      footprint,
      exponentials: scores + rows,
      divisions: 0,
      simple: 3 * scores + rows * (2 + widths.valueWidth),
    },
    sigmoid: { // for each score the bias and 1 + e^x
      footprint: footprint - 2 * rows,
      exponentials: scores,
      divisions: scores,
      simple: 2 * scores,
    },
  };
}
