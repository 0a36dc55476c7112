import { invertPositiveDefinite, Matrix, upperCholesky } from "../numeric/mod.ts";
import { dampen } from "../quantization/mod.ts";
import { requireInteger } from "../units/mod.ts";
import type { Mask } from "./mask.ts";
import { type Amount, keepMostSalient } from "./saliency.ts";

/** How SparseGPT prunes. */
export interface SparseGptOptions {
  /** A share, or a pattern such as 2:4. */
  readonly amount: Amount;
  /** Columns whose share is taken together; for a pattern, a multiple of its group. Default 128. */
  readonly blockSize?: number;
  /** Added to the diagonal of the Hessian, relative to its mean, so that it can be inverted. Default 0.01. */
  readonly damping?: number;
}

/**
 * Which weights go, and how do the others make up for it? Columns are pruned from left to right, and each time the
 * columns to the right take over, by least squares, what the pruned weights contributed on the calibration samples.
 *
 * Pruning a weight w costs w² / [H⁻¹] once the rest has adapted; the diagonals of H⁻¹ for the columns that are left are
 * the squares of one upper Cholesky factor's. A share is taken from a whole block, across all rows, by these costs; a
 * pattern is chosen when its group is reached, after all corrections so far. Later blocks are corrected when one is done.
 *
 * Source: Frantar and Alistarh, "SparseGPT" (2023), algorithm 1. Their program takes one weight more from each block
 * than the share says; this takes exactly the share.
 *
 * @param weights `outputs` rows of `inputs` numbers.
 * @param hessian XᵀX of the inputs, `inputs` × `inputs`, times any factor. Channels that never spoke lose their weights.
 * @returns The pruned and corrected weights.
 * @throws {TypeError} when the Hessian has another shape.
 * @throws {RangeError} when an option is out of range, a weight is NaN, or the Hessian is singular despite its damping.
 * @example Two channels that always agree: the survivor does the work of both
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { sparseGpt } from "@fewer-bytes/sparsity";
 *
 * const weights = new Matrix(1, 2, Float32Array.of(1, 2));
 * const pruned = sparseGpt(weights, Matrix.from([[1, 1], [1, 1]]), { amount: 0.5, damping: 1e-9 });
 * assertAlmostEquals(pruned.get(0, 0), 0);
 * assertAlmostEquals(pruned.get(0, 1), 3, 1e-6);
 * ```
 */
export function sparseGpt(
  weights: Matrix,
  hessian: Matrix<Float64Array>,
  { amount, blockSize = 128, damping = 0.01 }: SparseGptOptions,
): Matrix<Float32Array<ArrayBuffer>> {
  const { rows, columns } = weights;
  requireInteger(blockSize, 1, "prune", "blockSize");
  if (hessian.rows !== columns) {
    throw new TypeError(
      `Cannot prune as the Hessian must have ${columns} rows: current value is ${hessian.rows}`,
    );
  }
  const group = typeof amount === "number" ? blockSize : amount.of;
  if (blockSize % group !== 0) {
    throw new RangeError(
      `Cannot prune as blockSize must be a multiple of ${group}: current value is ${blockSize}`,
    );
  }
  const upper = upperCholesky(invertPositiveDefinite(dampen(hessian, damping)));
  const silent = (column: number) => hessian.get(column, column) === 0;
  const work = new Matrix(
    rows,
    columns,
    Float64Array.from(weights.data, (weight, index) => silent(index % columns) ? 0 : weight),
  );
  for (let start = 0; start < columns; start += blockSize) {
    const end = Math.min(start + blockSize, columns);
    const errors = new Matrix(rows, end - start, new Float64Array(rows * (end - start)));
    let mask: Mask = new Uint8Array();
    for (let column = start; column < end; column++) {
      const place = (column - start) % group;
      const width = Math.min(group, end - column + place);
      if (place === 0) {
        mask = keepMostSalient(pruningCosts(work, upper, column, width), amount, "matrix");
      }
      for (let row = 0; row < rows; row++) {
        if (mask[row * width + place]) continue;
        const error = work.get(row, column) / upper.get(column, column);
        errors.set(row, column - start, error);
        work.set(row, column, 0);
        subtract(work.row(row), upper.row(column), error, column + 1, end);
      }
    }
    errors.data.forEach((error, index) => {
      const column = start + index % errors.columns;
      const row = Math.floor(index / errors.columns);
      subtract(work.row(row), upper.row(column), error, end, columns);
    });
  }
  return new Matrix(rows, columns, Float32Array.from(work.data));
}

/** What pruning each weight of some columns costs, once the columns to its right have adapted. */
function pruningCosts(work: Matrix, upper: Matrix, start: number, width: number): Matrix {
  const costs = Float64Array.from({ length: work.rows * width }, (_, index) => {
    const column = start + index % width;
    return (work.get(Math.floor(index / width), column) / upper.get(column, column)) ** 2;
  });
  return new Matrix(work.rows, width, costs);
}

/** Takes a multiple of one row from another, in some columns. */
function subtract(
  from: Float64Array,
  row: Float64Array,
  factor: number,
  start: number,
  end: number,
): void {
  if (factor === 0) return;
  for (let column = start; column < end; column++) from[column]! -= factor * row[column]!;
}
