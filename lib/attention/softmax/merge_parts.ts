import { rescaleFactor, type SoftmaxPart } from "./softmax_part.ts";

/**
 * What is known after two parts of a softmax are put together? As much as if one had seen the scores of both.
 *
 * The order of merging does not matter, nor how it is bracketed, and the empty part changes nothing: so the keys can be
 * split among any number of workers, and their answers merged as they arrive. A part whose scores are all masked acts
 * as an empty one.
 *
 * @throws {TypeError} when the value vectors differ in length.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { mergeParts, partOf } from "@fewer-bytes/attention";
 *
 * const values = Matrix.from([[1], [2], [4]]);
 * const first = partOf([3], Matrix.from([[1]]));
 * const rest = partOf([3, 3], Matrix.from([[2], [4]]));
 * assertEquals(mergeParts(first, rest), partOf([3, 3, 3], values));
 * ```
 */
export function mergeParts(a: SoftmaxPart, b: SoftmaxPart): SoftmaxPart {
  if (a.weighted.length !== b.weighted.length) {
    throw new TypeError(
      `Cannot merge parts of a softmax as their values must have one length: current lengths are ${a.weighted.length} and ${b.weighted.length}`,
    );
  }
  const maximum = Math.max(a.maximum, b.maximum);
  const shrinkA = rescaleFactor(a.maximum, maximum);
  const shrinkB = rescaleFactor(b.maximum, maximum);
  return {
    maximum,
    sum: a.sum * shrinkA + b.sum * shrinkB,
    weighted: a.weighted.map((value, j) => value * shrinkA + b.weighted[j]! * shrinkB),
  };
}

/** What a softmax gives in the end. */
export interface SoftmaxResult {
  /** The values, weighted by the softmax; zeros when every score was masked. */
  readonly output: Float64Array;
  /** maximum + ln(sum): all that the backward pass needs to recompute every weight. */
  readonly logSumExp: number;
}

/**
 * What is the answer, once all parts are merged? The only division of the whole calculation.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { emptyPart, finishPart, partOf } from "@fewer-bytes/attention";
 *
 * assertEquals(finishPart(partOf([5, 5], Matrix.from([[2], [4]]))).output, Float64Array.of(3));
 * assertEquals(finishPart(emptyPart(1)), { output: Float64Array.of(0), logSumExp: -Infinity });
 * ```
 */
export function finishPart({ maximum, sum, weighted }: SoftmaxPart): SoftmaxResult {
  return {
    output: weighted.map((value) => sum === 0 ? 0 : value / sum),
    logSumExp: sum === 0 ? -Infinity : maximum + Math.log(sum),
  };
}
