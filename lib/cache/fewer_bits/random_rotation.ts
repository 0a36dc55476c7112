import { Matrix, type Random, singularValues } from "../../numeric/mod.ts";
import type { Rotation } from "../../quantization/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/**
 * Any rotation, each as likely as any other: what TurboQuant's proof asks for. A random Hadamard matrix is a cheap
 * stand-in, drawn from fewer rotations.
 *
 * It is the rotation part of a matrix of Gaussian numbers, `left · rightᵀ` of its singular vectors; as turning such a
 * matrix changes nothing about its law, no rotation is preferred.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { randomRotation } from "@fewer-bytes/cache";
 * import { seeded } from "@fewer-bytes/numeric";
 *
 * const rotation = randomRotation(3, seeded(1));
 * assertAlmostEquals(rotation.multiply(rotation.transpose()).get(0, 0), 1);
 * assertAlmostEquals(rotation.multiply(rotation.transpose()).get(0, 1), 0, 1e-12);
 * ```
 */
export function randomRotation(order: number, random: Random): Rotation {
  requireInteger(order, 1, "draw a rotation", "the order");
  const draws = Float64Array.from({ length: order * order }, () => random.normal());
  const { left, right } = singularValues(new Matrix(order, order, draws));
  return left.multiply(right.transpose());
}
