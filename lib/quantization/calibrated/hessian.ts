import { cholesky, Matrix } from "../../numeric/mod.ts";
import { requireAtLeast } from "../../units/mod.ts";
import type { InputStatistics } from "./input_statistics.ts";

/**
 * How does the error of a layer curve in its weights? H = 2 · XᵀX / n, the same for each row of weights.
 *
 * The squared error of the outputs is a parabola in the weights of a row, so its second derivative is all there is to
 * know: a change d costs `d · H · dᵀ / 2` on average.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { hessian, inputStatistics } from "@fewer-bytes/quantization";
 *
 * assertEquals(hessian(inputStatistics(new Matrix(2, 1, Float32Array.of(3, 4)))).toRows(), [[25]]);
 * ```
 */
export function hessian(
  { gram, tokens }: Pick<InputStatistics, "gram" | "tokens">,
): Matrix<Float64Array> {
  return gram.map((value) => 2 * value / tokens);
}

/**
 * Makes a Hessian safe to invert: a share of its mean diagonal is added to its diagonal.
 *
 * Channels that repeat each other, or too few tokens, leave a Hessian without an inverse. An input that was always zero
 * has a zero on the diagonal, and gets a 1 first: its weight meets nothing, and couples to nothing.
 *
 * @param share Of the mean diagonal. GPTQ takes 0.01.
 * @throws {TypeError} when the Hessian is not square.
 * @throws {RangeError} when the share is below zero.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { dampen } from "@fewer-bytes/quantization";
 *
 * assertEquals(dampen(Matrix.from([[3, 0], [0, 0]]), 0.5).toRows(), [[4, 0], [0, 2]]);
 * ```
 */
export function dampen(matrix: Matrix<Float64Array>, share = 0.01): Matrix<Float64Array> {
  requireAtLeast(share, 0, "damp a Hessian", "the share");
  const { rows: n, columns } = matrix;
  if (n !== columns) {
    throw new TypeError(
      `Cannot damp a Hessian as it must be square: current shape is ${n} x ${columns}`,
    );
  }
  const result = matrix.clone();
  let sum = 0;
  for (let i = 0; i < n; i++) sum += result.data[i * n + i] ||= 1;
  for (let i = 0; i < n; i++) result.data[i * n + i]! += share * sum / n;
  return result;
}

/**
 * What each step of GPTQ needs to know, in one triangle: U with `Uᵀ · U = H⁻¹`, of the damped Hessian with its inputs in
 * the given order.
 *
 * @throws {RangeError} when the Hessian is singular in spite of its damping.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { inverseFactor } from "@fewer-bytes/quantization";
 *
 * const upper = inverseFactor(Matrix.from([[4, 0], [0, 16]]), [1, 0], 0);
 * assertEquals(upper.toRows(), [[0.25, 0], [0, 0.5]]);
 * ```
 */
export function inverseFactor(
  hessian: Matrix<Float64Array>,
  order: readonly number[],
  damping: number,
): Matrix<Float64Array> {
  const damped = dampen(hessian, damping);
  const n = order.length;
  // From the last input to the first: with J turning the order around, J·H·J = L·Lᵀ makes J·L⁻¹·J the triangle wanted.
  const reversed = damped.map((_, at) =>
    damped.data[order[n - 1 - Math.floor(at / n)]! * n + order[n - 1 - at % n]!]!
  );
  try {
    const inverse = invertLower(cholesky(reversed));
    return inverse.map((_, at) => inverse.data[n * n - 1 - at]!);
  } catch (cause) {
    throw new RangeError(
      `Cannot run GPTQ as the damped Hessian must have an inverse: current damping is ${damping}`,
      { cause },
    );
  }
}

/** The inverse of a lower triangle, which is one again: each row from those before it. */
function invertLower({ rows: n, data: lower }: Matrix<Float64Array>): Matrix<Float64Array> {
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = inverse.subarray(i * n, i * n + i + 1);
    row[i] = 1;
    for (let k = 0; k < i; k++) {
      const factor = lower[i * n + k]!;
      for (let j = 0; j <= k; j++) row[j]! -= factor * inverse[k * n + j]!;
    }
    for (let j = 0; j <= i; j++) row[j]! /= lower[i * n + i]!;
  }
  return new Matrix(n, n, inverse);
}
