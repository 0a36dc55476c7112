import { invertPositiveDefinite, Matrix } from "../../numeric/mod.ts";

/**
 * One weight of a row is set to a value of our choice. What is the best that the others can do?
 *
 * Minimize `d · H · dᵀ / 2` over all changes d whose element q is `value − w[q]`. The gradient must vanish in all other
 * elements, so `H · d` is a multiple of the unit vector of q, and d is that multiple of column q of H⁻¹. Its element q
 * is known, which fixes the multiple:
 *
 *     d = −(w[q] − value) / H⁻¹[q][q] · H⁻¹[:, q]        at a cost of (w[q] − value)² / (2 · H⁻¹[q][q])
 *
 * Source: Hassibi and Stork, "Second order derivatives for network pruning: Optimal Brain Surgeon" (1992), where the
 * value is 0; Frantar and Alistarh, "Optimal Brain Compression" (2022), where it is a mark of a grid.
 *
 * @param row The weights of one output.
 * @param inverse H⁻¹, over the weights that may still move; zero for those that may not.
 * @param q Which weight is set.
 * @returns The row with weight q at its value, and all others moved to make up for it.
 * @throws {RangeError} when the weight may not move any more.
 * @example Two inputs that mostly agree: what one weight loses, the other gains
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { invertPositiveDefinite, Matrix } from "@fewer-bytes/numeric";
 * import { compensate } from "@fewer-bytes/quantization";
 *
 * const inverse = invertPositiveDefinite(Matrix.from([[1, 0.9], [0.9, 1]]));
 * const [first, second] = compensate(Float64Array.of(0.6, 0.7), inverse, 0, 1);
 * assertEquals(first, 1);
 * assertAlmostEquals(second!, 0.7 - 0.9 * 0.4);
 * ```
 */
export function compensate(
  row: Float64Array,
  inverse: Matrix<Float64Array>,
  q: number,
  value: number,
): Float64Array<ArrayBuffer> {
  const pivot = inverse.get(q, q);
  if (!(pivot > 0)) {
    throw new RangeError(
      `Cannot set weight ${q} as its place on the diagonal of the inverse must be > 0: current value is ${pivot}`,
    );
  }
  const error = (row[q]! - value) / pivot;
  const result = Float64Array.from(row, (weight, k) => weight - error * inverse.get(k, q));
  result[q] = value;
  return result;
}

/**
 * Takes a weight out of the game: what is H⁻¹ when weight q may not move any more?
 *
 * Not the old inverse without a row and a column, but the inverse of the Hessian without them. One step of Gaussian
 * elimination gives it, without inverting anew: `H⁻¹ − H⁻¹[:, q] · H⁻¹[q, :] / H⁻¹[q][q]`.
 *
 * @returns The same size, with zeros in row and column q.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { invertPositiveDefinite, Matrix } from "@fewer-bytes/numeric";
 * import { eliminate } from "@fewer-bytes/quantization";
 *
 * const inverse = invertPositiveDefinite(Matrix.from([[2, 1], [1, 4]]));
 * assertAlmostEquals(eliminate(inverse, 0).get(1, 1), 1 / 4);
 * ```
 */
export function eliminate(inverse: Matrix<Float64Array>, q: number): Matrix<Float64Array> {
  const n = inverse.columns;
  const pivot = inverse.get(q, q);
  const column = Float64Array.from({ length: n }, (_, k) => inverse.get(k, q));
  return inverse.map((value, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return i === q || j === q ? 0 : value - column[i]! * column[j]! / pivot;
  });
}

/**
 * Rounds a row weight by weight, each time moving all others to make up for it: Optimal Brain Quantization.
 *
 * The weight whose rounding costs least is next, or, with `order: "natural"`, the next input. In the natural order all
 * rows of a matrix share their inverses; computing them once, by a Cholesky factorization, is {@linkcode gptq}.
 *
 * The cheapest first is not always best: where inputs have outliers, the dear weights come last, when no others are left
 * to make up for them.
 *
 * @param row The weights of one output.
 * @param hessian As from {@linkcode hessian}; {@linkcode dampen} it when it may be singular.
 * @param round Which mark is nearest to a value.
 * @throws {RangeError} when the Hessian is not positive definite.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { optimalBrainQuantize } from "@fewer-bytes/quantization";
 *
 * const hessian = Matrix.from([[1, 0.9], [0.9, 1]]);
 * assertEquals([...optimalBrainQuantize(Float64Array.of(0.6, 0.7), hessian, Math.round)], [0, 1]);
 * ```
 */
export function optimalBrainQuantize(
  row: Float64Array,
  hessian: Matrix<Float64Array>,
  round: (value: number) => number,
  { order = "cheapest" }: { readonly order?: "cheapest" | "natural" } = {},
): Float64Array<ArrayBuffer> {
  let inverse: Matrix<Float64Array> = invertPositiveDefinite(hessian);
  let weights = Float64Array.from(row);
  const cost = (q: number) => (weights[q]! - round(weights[q]!)) ** 2 / inverse.get(q, q);
  const left = Array.from(row.keys());
  while (left.length > 0) {
    const next = order === "natural"
      ? 0
      : left.reduce((best, q, at) => cost(q) < cost(left[best]!) ? at : best, 0);
    const [q] = left.splice(next, 1);
    weights = compensate(weights, inverse, q!, round(weights[q!]!));
    inverse = eliminate(inverse, q!);
  }
  return weights;
}
