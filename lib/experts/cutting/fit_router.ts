import { Matrix, solvePositiveDefinite } from "../../numeric/mod.ts";
import { requirePositive } from "../../units/mod.ts";

/**
 * Which router foretells what experts would do? The small matrix whose products with hidden states come nearest to what was
 * measured, in the mean of squares (ridge regression): it is solved at once, no steps are taken.
 *
 * A router must speak before any expert has worked, from the hidden state alone. It need not be right about amounts, only
 * about who comes first.
 *
 * @param inputs Hidden states, a row for each token.
 * @param measured How much each expert did, a row for each token and a column for each expert.
 * @param strength How much long rows cost, over the mean square of an input. Default 0.01.
 * @returns One row for each expert, for {@linkcode routeTokens}.
 * @throws {TypeError} when there are not as many rows of both.
 * @throws {RangeError} when the strength is not above zero.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { fitRouter } from "@fewer-bytes/experts";
 * import { Matrix } from "@fewer-bytes/numeric";
 *
 * const router = fitRouter(Matrix.from([[1, 0], [0, 1], [1, 1]]), Matrix.from([[2], [3], [5]]), 1e-9);
 * assertAlmostEquals(router.get(0, 0), 2, 1e-6);
 * assertAlmostEquals(router.get(0, 1), 3, 1e-6);
 * ```
 */
export function fitRouter(
  inputs: Matrix,
  measured: Matrix,
  strength = 0.01,
): Matrix<Float64Array<ArrayBuffer>> {
  requirePositive(strength, "fit a router", "the strength");
  if (inputs.rows !== measured.rows || inputs.rows === 0) {
    throw new TypeError(
      `Cannot fit a router as there must be a row of inputs for each of ${measured.rows} measured: current number is ${inputs.rows}`,
    );
  }
  const wide = new Matrix(inputs.columns, inputs.rows, Float64Array.from(inputs.transpose().data));
  const squares = wide.multiply(inputs);
  let trace = 0;
  for (let i = 0; i < squares.rows; i++) trace += squares.get(i, i);
  const ridge = strength * trace / squares.rows;
  for (let i = 0; i < squares.rows; i++) squares.set(i, i, squares.get(i, i) + ridge);
  const solved = solvePositiveDefinite(squares, wide.multiply(measured)).transpose();
  return new Matrix(solved.rows, solved.columns, Float64Array.from(solved.data));
}
