import { requireAtLeast } from "../../units/mod.ts";
import type { Rotation } from "./hadamard.ts";

/**
 * How does one go downhill and stay a rotation? Adding a gradient to a rotation gives a matrix that stretches. The Cayley
 * transform turns instead: from the gradient G of the loss, take the direction of turning `A = G·Rᵀ − R·Gᵀ`, which is
 * skew (Aᵀ = −A), and go to
 *
 *     R' = (I + τ/2·A)⁻¹ · (I − τ/2·A) · R
 *
 * which is orthogonal for any τ, as the two factors of a skew A are each other's transposed inverse. For small τ it is
 * `R − τ·A·R`, the steepest way down among rotations (Wen and Yin 2013; SpinQuant, Liu et al. 2024, section 3.2).
 *
 * @param rotation R, n × n, orthogonal.
 * @param gradient G, the derivative of the loss by each entry of R.
 * @param angle How far to turn: the Frobenius norm of τ·A, in radians.
 * @returns A new rotation; the same one where the gradient asks for no turn.
 * @throws {TypeError} when the shapes differ or are not square.
 * @throws {RangeError} when the angle is negative, or something is not finite.
 * @example A quarter turn in 100 steps, toward the rotation with most in its upper right corner
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { cayleyStep } from "@fewer-bytes/quantization";
 *
 * let rotation = Matrix.from([[1, 0], [0, 1]]);
 * const gradient = Matrix.from([[0, -1], [0, 0]]); // of the loss: minus the corner
 * const angle = Math.SQRT2 * Math.PI / 2 / 100; // the norm counts each pair of axes twice, hence √2
 * for (let step = 0; step < 100; step++) rotation = cayleyStep(rotation, gradient, angle);
 * assertAlmostEquals(rotation.get(0, 1), 1, 1e-4);
 * assertAlmostEquals(rotation.get(0, 0), 0, 1e-4);
 * ```
 */
export function cayleyStep(rotation: Rotation, gradient: Rotation, angle: number): Rotation {
  const { rows: size } = rotation;
  requireAtLeast(angle, 0, "take a Cayley step", "the angle");
  if (rotation.columns !== size || gradient.rows !== size || gradient.columns !== size) {
    throw new TypeError(
      `Cannot take a Cayley step as rotation and gradient must be square and alike: current shapes are ${size} x ${rotation.columns} and ${gradient.rows} x ${gradient.columns}`,
    );
  }
  const product = gradient.multiply(rotation.transpose());
  const transposed = product.transpose();
  const skew = product.map((value, i) => value - transposed.data[i]!);
  const norm = Math.sqrt(skew.data.reduce((sum, value) => sum + value * value, 0));
  requireAtLeast(norm, 0, "take a Cayley step", "the norm of the turn");
  if (norm === 0) return rotation;
  const half = angle / norm / 2;
  const plus = skew.map((value, i) => (i % (size + 1) === 0 ? 1 : 0) + half * value);
  const turned = skew.multiply(rotation);
  return solve(plus, rotation.map((value, i) => value - half * turned.data[i]!));
}

/**
 * X with A·X = B, by Gaussian elimination. No rows are exchanged: I plus a skew matrix has no pivot below 1, because
 * what is left after each elimination is again I plus something positive plus something skew.
 */
function solve(a: Rotation, b: Rotation): Rotation {
  const { rows: size } = a;
  const [left, right] = [a.clone(), b.clone()];
  const subtract = (target: Float64Array, source: Float64Array, factor: number) => {
    for (let i = 0; i < target.length; i++) target[i]! -= factor * source[i]!;
  };
  for (let pivot = 0; pivot < size; pivot++) {
    for (let row = pivot + 1; row < size; row++) {
      const factor = left.get(row, pivot) / left.get(pivot, pivot);
      subtract(left.row(row), left.row(pivot), factor);
      subtract(right.row(row), right.row(pivot), factor);
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let later = row + 1; later < size; later++) {
      subtract(right.row(row), right.row(later), left.get(row, later));
    }
    right.row(row).forEach((value, i, all) => all[i] = value / left.get(row, row));
  }
  return right;
}
