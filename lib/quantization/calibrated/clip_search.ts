import { Matrix } from "../../numeric/mod.ts";
import { resolveGrid, type UniformGrid } from "../uniform/grid.ts";
import { roundToNearest } from "../uniform/quantize.ts";
import { changesOf, quadraticForms } from "./output_error.ts";

/** Parts of the range that are tried, from all of it to a little more than half. */
const clips = Array.from({ length: 10 }, (_, step) => 1 - step / 20);

/**
 * Is the largest weight of a group worth its place on the grid? A narrower range clamps it, and brings all other marks
 * closer together.
 *
 * Rounds with each of ten clips, and keeps for each group the one that changes the group's own part of the outputs least,
 * on the calibration data.
 *
 * Source: Lin et al., "AWQ" (2023), in its program. There, the weights are clamped on both sides alike; here, the range of
 * an asymmetric grid shrinks at both ends.
 *
 * @param weights Outputs × inputs.
 * @param gram `Xᵀ · X` of their inputs.
 * @param grid One scale for a whole tensor is not searched.
 * @throws {RangeError} for a grid that does not suit.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { roundClipped, roundToNearest } from "@fewer-bytes/quantization";
 *
 * const weights = new Matrix(1, 4, Float32Array.of(1.2, 1, -1, 1)); // two bits: three marks
 * const gram = Matrix.from([[1, 0, 0, 0], [0, 9, 0, 0], [0, 0, 9, 0], [0, 0, 0, 9]]);
 * const error = ({ data }: { data: Float32Array }) => Math.abs(data[1]! - 1);
 * assertEquals(error(roundToNearest(weights, { bits: 2 })) > 0.19, true);
 * assertEquals(error(roundClipped(weights, gram, { bits: 2 })) < 0.03, true);
 * ```
 */
export function roundClipped(
  weights: Matrix<Float32Array>,
  gram: Matrix<Float64Array>,
  grid: UniformGrid,
): Matrix<Float32Array> {
  const { rows, columns, data } = weights;
  const { groupSize } = resolveGrid(grid, rows, columns);
  if (groupSize > columns) {
    throw new RangeError(
      `Cannot search a clip as a scale must be shared within a row: current group size is ${groupSize} for ${columns} inputs`,
    );
  }
  if (gram.rows !== columns || gram.columns !== columns) {
    throw new TypeError(
      `Cannot search a clip as the Gram matrix must be ${columns} x ${columns}: current shape is ${gram.rows} x ${gram.columns}`,
    );
  }
  const result = new Float32Array(data.length);
  const least = new Float64Array(data.length / groupSize).fill(Infinity);
  for (const clip of clips) {
    const rounded = roundToNearest(weights, { ...grid, clip: clip * (grid.clip ?? 1) });
    for (let row = 0; row < rows; row += 4) {
      for (let start = 0; start < columns; start += groupSize) {
        const changes = changesOf(weights, rounded, row, start, groupSize);
        quadraticForms(changes, gram, start).slice(0, rows - row).forEach((error, index) => {
          const at = (row + index) * columns + start;
          if (!(error < least[at / groupSize]!)) return;
          least[at / groupSize] = error;
          result.set(rounded.data.subarray(at, at + groupSize), at);
        });
      }
    }
  }
  return new Matrix(rows, columns, result);
}
