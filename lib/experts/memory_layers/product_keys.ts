import { requireInteger } from "../../units/mod.ts";

/** A value that a product key found. */
export interface FoundKey {
  /** Numbers of the two half keys. */
  readonly left: number;
  readonly right: number;
  /** The number of its value: left × half keys on the right + right. */
  readonly key: number;
  readonly score: number;
}

/**
 * Which k of a million keys fit best, after looking at two thousand? Each key is one of n left halves beside one of n right
 * halves, and its score is the sum of theirs. So the best k pairs are among the best k of the left and the best k of the right:
 * any other pair has k pairs that are better. n² keys are searched with 2n scores.
 *
 * Not all k² pairs need be looked at: the pair of the a-th and the b-th best has a · b pairs that are at least as good, itself
 * among them, so a · b ≤ k. The answer is exact. Of equal scores the smaller key wins.
 *
 * Source: Lample et al., "Large Memory Layers with Product Keys" (arXiv 1907.05242), section 3.1.
 *
 * @param left The score of each left half, for one query.
 * @param right The score of each right half.
 * @param few How many keys are wanted.
 * @returns The best first.
 * @throws {RangeError} when fewer keys exist, or a score is not finite.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bestProductKeys } from "@fewer-bytes/experts";
 *
 * const found = bestProductKeys([1, 5, 2], [0, 3, 1], 3);
 * assertEquals(found.map(({ left, right, score }) => [left, right, score]), [[1, 1, 8], [1, 2, 6], [1, 0, 5]]);
 * ```
 */
export function bestProductKeys(
  left: ArrayLike<number>,
  right: ArrayLike<number>,
  few: number,
): FoundKey[] {
  requireInteger(few, 1, "find product keys", "how many are wanted");
  if (few > left.length * right.length) {
    throw new RangeError(
      `Cannot find product keys as there must be at least ${few}: current number is ${
        left.length * right.length
      }`,
    );
  }
  const [lefts, rights] = [best(left, few), best(right, few)];
  const found: FoundKey[] = [];
  lefts.forEach((one, a) => {
    for (let b = 0; b < rights.length && (a + 1) * (b + 1) <= few; b++) {
      const other = rights[b]!;
      const score = left[one]! + right[other]!;
      found.push({ left: one, right: other, key: one * right.length + other, score });
    }
  });
  return found.sort((a, b) => b.score - a.score || a.key - b.key).slice(0, few);
}

/** The numbers of the highest scores, the highest first, the smaller number of equals. */
function best(scores: ArrayLike<number>, few: number): number[] {
  const all = Array.from(scores, (score, index) => {
    if (Number.isFinite(score)) return index;
    throw new RangeError(
      `Cannot find product keys as each score must be finite: that of half ${index} is ${score}`,
    );
  });
  return all.sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, few);
}
