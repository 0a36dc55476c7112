import { roundHalfEven } from "../../quantization/mod.ts";

/**
 * Rounds one group of values in place, to even steps from its smallest value to its largest.
 *
 * scale = (max − min) / (2^bits − 1), code = round((value − min) / scale), value = min + scale · code, where min and scale
 * are kept in 16 bits. Unlike `quantize()` of chapter 03 it does not widen the range to hold zero: a key channel that
 * sits at −10 ± 1 gets all its steps where its values are.
 *
 * A group of equal values becomes its smallest value, in 16 bits: no 0/0. The error is at most half a step, and what 16
 * bits lose of the minimum.
 *
 * @param data The values of the group are at start, start + stride, and so on.
 * @param size How many they are.
 * @param bits From 1 to 8.
 * @returns The step between marks.
 * @throws {RangeError} when a value is not finite, or the range does not fit 16-bit floats (±65,504).
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { roundAffineGroup } from "@fewer-bytes/cache";
 *
 * const channel = Float32Array.of(-11, -10.2, -9, -8);
 * assertEquals(roundAffineGroup(channel, 0, 1, 4, 2), 1);
 * assertEquals([...channel], [-11, -10, -9, -8]);
 * ```
 */
export function roundAffineGroup(
  data: Float32Array,
  start: number,
  stride: number,
  size: number,
  bits: number,
): number {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0, at = start; i < size; i++, at += stride) {
    low = Math.min(low, data[at]!);
    high = Math.max(high, data[at]!);
  }
  const levels = 2 ** bits - 1;
  const smallest = Math.f16round(low);
  const scale = Math.f16round((high - low) / levels);
  if (!Number.isFinite(smallest + scale + Math.f16round(high))) {
    throw new RangeError(
      `Cannot round a group as its range must fit 16-bit floats: current range is ${low} to ${high}`,
    );
  }
  for (let i = 0, at = start; i < size; i++, at += stride) {
    const code = scale && roundHalfEven((data[at]! - smallest) / scale);
    data[at] = smallest + scale * Math.max(0, Math.min(code, levels));
  }
  return scale;
}
