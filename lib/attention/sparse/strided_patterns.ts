import { growthPerStep } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { type Pattern, unionOf, windowPattern } from "./pattern.ts";

/**
 * The strided pattern of the Sparse Transformer: the last `stride` places, and every stride-th place before. With a stride
 * near √n each row holds about 2√n of n entries, and any place reaches any earlier one in two steps.
 *
 * Source: Child, Gray, Radford and Sutskever, "Generating Long Sequences with Sparse Transformers" (2019), section 4.2.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { drawPattern, stridedPattern } from "@fewer-bytes/attention";
 *
 * assertEquals(drawPattern(stridedPattern(3), 8, { causal: true }).at(-1), "01001111");
 * ```
 */
export function stridedPattern(stride: number): Pattern {
  requireInteger(stride, 1, "make a strided pattern", "the stride");
  return unionOf(
    windowPattern({ before: stride }),
    (query, key) => (query - key) % stride === 0,
  );
}

/**
 * The fixed pattern of the same paper: the own stretch of `stride` places, and the last `summary` places of every stretch,
 * which sum it up.
 *
 * @throws {RangeError} when the summary is longer than the stretch.
 */
export function fixedPattern(stride: number, summary = 1): Pattern {
  requireInteger(stride, 1, "make a fixed pattern", "the stride");
  requireInteger(summary, 1, "make a fixed pattern", "the summary");
  if (summary > stride) {
    throw new RangeError(
      `Cannot make a fixed pattern as the summary must be at most the stride of ${stride}: current value is ${summary}`,
    );
  }
  return (query, key) =>
    Math.floor(query / stride) === Math.floor(key / stride) || key % stride >= stride - summary;
}

/** Every stride-th place is seen by all, from `offset` on: what LongGen's heads see far away, each with its own offset. */
export function columnsPattern(stride: number, offset = 0): Pattern {
  requireInteger(stride, 1, "make a pattern of columns", "the stride");
  requireInteger(offset, 0, "make a pattern of columns", "the offset");
  return (_, key) => key % stride === offset % stride;
}

/**
 * Which power of n does a cost grow with? The slope of a straight line through both logarithms: 1 is linear, 1.5 is
 * n√n, 2 is dense attention. n log n shows as a little above 1, less so the larger n.
 *
 * @param costs Pairs of size and cost, both above 0.
 * @throws {RangeError} with fewer than two sizes.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { scalingExponent } from "@fewer-bytes/attention";
 *
 * assertAlmostEquals(scalingExponent([[10, 300], [20, 1200], [40, 4800]]), 2);
 * ```
 */
export function scalingExponent(costs: readonly (readonly [size: number, cost: number])[]): number {
  return Math.log(growthPerStep(costs.map(([size, cost]) => [Math.log(size), cost])));
}
