import type { Floats, Matrix } from "../../numeric/mod.ts";

/**
 * What is known about a softmax of which only some scores were seen: three things, whatever their number.
 *
 * The softmax of these scores times their values is `weighted / sum`; the maximum says what both are relative to.
 */
export interface SoftmaxPart {
  /** Largest score seen; -Infinity when there is none, or all are masked. */
  readonly maximum: number;
  /** Sum of e^(score − maximum). */
  readonly sum: number;
  /** Sum of e^(score − maximum) times the value vector of that score. */
  readonly weighted: Float64Array;
}

/**
 * By what must sums be multiplied when what they are relative to grows? e^(from − to), and 1 when nothing was seen,
 * where the plain formula would give NaN.
 *
 * @param from The maximum so far, -Infinity for none.
 * @param to The maximum now, at least `from`.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rescaleFactor } from "@fewer-bytes/attention";
 *
 * assertEquals(rescaleFactor(2, 3), Math.exp(-1));
 * assertEquals(rescaleFactor(-Infinity, -Infinity), 1);
 * ```
 */
export function rescaleFactor(from: number, to: number): number {
  return from === to ? 1 : Math.exp(from - to);
}

/**
 * Refuses scores that no softmax has: NaN, and +Infinity. A masked score is -Infinity, and welcome.
 *
 * @throws {RangeError}
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { requireScore } from "@fewer-bytes/attention";
 *
 * requireScore(-Infinity);
 * assertThrows(() => requireScore(NaN), RangeError);
 * ```
 */
export function requireScore(score: number): number {
  if (!(score < Infinity)) {
    throw new RangeError(
      `Cannot take a softmax as a score must be a number below Infinity: current value is ${score}`,
    );
  }
  return score;
}

/**
 * The part that has seen nothing: merging it changes nothing.
 *
 * @param width Of a value vector.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { emptyPart } from "@fewer-bytes/attention";
 *
 * assertEquals(emptyPart(2), { maximum: -Infinity, sum: 0, weighted: Float64Array.of(0, 0) });
 * ```
 */
export function emptyPart(width: number): SoftmaxPart {
  return { maximum: -Infinity, sum: 0, weighted: new Float64Array(width) };
}

/**
 * How is a softmax taken of scores that come one after another? Whenever a new largest score arrives, what was summed so
 * far is made smaller by the same factor. The value vector is carried along, so that no score is ever needed again.
 *
 * Source: Milakov and Gimelshein, "Online normalizer calculation for softmax" (2018), algorithm 3; with values as in
 * Rabe and Staats, "Self-attention Does Not Need O(n²) Memory" (2021).
 *
 * @param scores One number for each key; masked ones are -Infinity.
 * @param values One row for each key.
 * @throws {TypeError} when the lengths differ.
 * @throws {RangeError} for a score that is NaN or Infinity.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { partOf } from "@fewer-bytes/attention";
 *
 * const part = partOf([0, 0], Matrix.from([[2], [4]]));
 * assertEquals(part, { maximum: 0, sum: 2, weighted: Float64Array.of(6) });
 * ```
 */
export function partOf(scores: ArrayLike<number>, values: Matrix<Floats>): SoftmaxPart {
  if (scores.length !== values.rows) {
    throw new TypeError(
      `Cannot take a softmax as each score needs a value: there are ${scores.length} and ${values.rows}`,
    );
  }
  const { columns, data } = values;
  const weighted = new Float64Array(columns);
  let maximum = -Infinity, sum = 0;
  for (let key = 0; key < scores.length; key++) {
    const score = requireScore(scores[key]!);
    if (score === -Infinity) continue;
    const larger = Math.max(maximum, score);
    const shrink = rescaleFactor(maximum, larger);
    const weight = Math.exp(score - larger);
    sum = sum * shrink + weight;
    for (let j = 0; j < columns; j++) {
      weighted[j] = weighted[j]! * shrink + weight * data[key * columns + j]!;
    }
    maximum = larger;
  }
  return { maximum, sum, weighted };
}
