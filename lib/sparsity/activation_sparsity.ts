import { requireInteger } from "../units/mod.ts";
import { dropLowest, prunedCount } from "./mask.ts";

/**
 * Below which magnitude lies a given share of activations? Found once, on samples; while generating, one comparison for
 * each activation is all that is left to do.
 *
 * ReLU networks need none of this: they make exact zeros, 95 % of them in trained OPT models (Liu et al., "Deja Vu",
 * 2023). SwiGLU networks make small values instead, and a threshold turns them into zeros: of every input in TEAL (Liu
 * et al., 2024), of the gate in CATS (Lee et al., 2024).
 *
 * @param samples Activations as they occur, of either sign.
 * @param sparsity The share that should fall below, from 0 to 1.
 * @throws {RangeError} without samples, when one is NaN, or when the sparsity is no share.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { thresholdFor } from "@fewer-bytes/sparsity";
 *
 * assertEquals(thresholdFor(Float32Array.of(-4, 1, 3, -2), 0.5), 3); // 1 and 2 are below
 * ```
 */
export function thresholdFor(samples: Float32Array, sparsity: number): number {
  requireInteger(samples.length, 1, "find a threshold", "the number of samples");
  if (samples.some(Number.isNaN)) {
    throw new RangeError("Cannot find a threshold as every sample must be a number: one is NaN");
  }
  return samples.map(Math.abs).sort()[prunedCount(sparsity, samples.length)] ?? Infinity;
}

/**
 * Sets activations below a threshold to zero, in place. How many go depends on the token: an easy one may need few.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { zeroBelow } from "@fewer-bytes/sparsity";
 *
 * assertEquals(zeroBelow(Float32Array.of(-4, 1, 3, -2), 2.5), Float32Array.of(-4, 0, 3, 0));
 * ```
 */
export function zeroBelow(activations: Float32Array, threshold: number): Float32Array {
  for (let i = 0; i < activations.length; i++) {
    if (Math.abs(activations[i]!) < threshold) activations[i] = 0;
  }
  return activations;
}

/**
 * Sets all but the largest activations of a token to zero, in place. The number is the same for every token, which suits
 * hardware better, and costs a selection.
 *
 * @param count How many stay, among equals the last ones.
 * @throws {RangeError} when there are not so many, or one is NaN.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { keepLargest } from "@fewer-bytes/sparsity";
 *
 * assertEquals(keepLargest(Float32Array.of(-4, 1, 3, -2), 1), Float32Array.of(-4, 0, 0, 0));
 * ```
 */
export function keepLargest(activations: Float32Array, count: number): Float32Array {
  requireInteger(count, 0, "keep activations", "count");
  if (count > activations.length) {
    throw new RangeError(
      `Cannot keep activations as count must be <= ${activations.length}: current value is ${count}`,
    );
  }
  const mask = dropLowest(activations.map(Math.abs), activations.length - count);
  mask.forEach((kept, i) => {
    if (!kept) activations[i] = 0;
  });
  return activations;
}
