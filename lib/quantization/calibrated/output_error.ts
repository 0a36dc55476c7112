import type { Matrix } from "../../numeric/mod.ts";
import type { InputStatistics } from "./input_statistics.ts";

/**
 * How wrong are the outputs of a layer, once its weights are changed? The mean of the squared error over all tokens and
 * outputs: `mean (x · wᵀ − x · w̃ᵀ)²`.
 *
 * With d the change of one row of weights, the error over all tokens is `Σ (x · d)² = d · XᵀX · dᵀ`: exact, without the
 * activations.
 *
 * @param original Outputs × inputs.
 * @param changed The same shape.
 * @throws {TypeError} when the shapes differ.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { inputStatistics, outputError } from "@fewer-bytes/quantization";
 *
 * const inputs = inputStatistics(new Matrix(2, 2, Float32Array.of(1, 2, 3, 4)));
 * const [weights, changed] = [Float32Array.of(1, 1), Float32Array.of(1, 0.5)].map((row) => new Matrix(1, 2, row));
 * assertEquals(outputError(weights!, changed!, inputs), (1 ** 2 + 2 ** 2) / 2);
 * ```
 */
export function outputError(
  original: Matrix,
  changed: Matrix,
  { gram, tokens }: Pick<InputStatistics, "gram" | "tokens">,
): number {
  const { rows, columns } = original;
  if (rows !== changed.rows || columns !== changed.columns || columns !== gram.rows) {
    throw new TypeError(
      `Cannot compare outputs as the shapes must match: current shapes are ${rows} x ${columns}, ${changed.rows} x ${changed.columns} and ${gram.rows} inputs`,
    );
  }
  let sum = 0;
  for (let row = 0; row < rows; row += 4) {
    const changes = changesOf(original, changed, row, 0, columns);
    for (const error of quadraticForms(changes, gram, 0)) sum += error;
  }
  return sum / (rows * tokens);
}

/** Four vectors, one for each of four rows of weights. */
export type Four<T> = readonly [T, T, T, T];

/** What was changed in part of four rows; zeros for rows past the end. */
export function changesOf(
  original: Matrix,
  changed: Matrix,
  row: number,
  start: number,
  length: number,
): Four<Float64Array> {
  const change = (row: number) => {
    if (row >= original.rows) return new Float64Array(length);
    const at = row * original.columns + start;
    return Float64Array.from(
      { length },
      (_, i) => original.data[at + i]! - changed.data[at + i]!,
    );
  };
  return [change(row), change(row + 1), change(row + 2), change(row + 3)];
}

/**
 * `d · G · dᵀ` for four vectors at once, where G is the square on the diagonal of a symmetric matrix that begins at
 * `start`. An element of G is loaded once for the four, and no addition waits for the one before it.
 */
export function quadraticForms(
  [d0, d1, d2, d3]: Four<Float64Array>,
  { data, columns }: Matrix,
  start: number,
): Four<number> {
  const length = d0.length;
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    const at = (start + i) * columns + start;
    const row = data.subarray(at, at + length);
    // Twice the upper triangle is the whole of a symmetric matrix, but for the diagonal.
    const half = 0.5 * row[i]!;
    let [a, b, c, d] = [half * d0[i]!, half * d1[i]!, half * d2[i]!, half * d3[i]!];
    for (let j = i + 1; j < length; j++) {
      const value = row[j]!;
      a += value * d0[j]!;
      b += value * d1[j]!;
      c += value * d2[j]!;
      d += value * d3[j]!;
    }
    s0 += 2 * d0[i]! * a;
    s1 += 2 * d1[i]! * b;
    s2 += 2 * d2[i]! * c;
    s3 += 2 * d3[i]! * d;
  }
  return [s0, s1, s2, s3];
}
