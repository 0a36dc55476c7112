import type { Random } from "../numeric/mod.ts";
import { requireAtLeast, requireInteger } from "../units/mod.ts";

/**
 * How often is each of many things asked for, when few are popular and most are not? The law of Zipf: the share of the
 * r-th is proportional to 1 / r^s. With s = 0 all are equally popular.
 *
 * @returns Shares that add up to 1, the largest first.
 * @throws {RangeError} unless there is at least one item and the exponent is not negative.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { zipfShares } from "@fewer-bytes/paging";
 *
 * const [first, second] = zipfShares(1000, 1);
 * assertAlmostEquals(first! / second!, 2);
 * ```
 */
export function zipfShares(items: number, exponent: number): Float64Array {
  requireInteger(items, 1, "weigh items", "items");
  requireAtLeast(exponent, 0, "weigh items", "the exponent");
  const shares = Float64Array.from({ length: items }, (_, rank) => (rank + 1) ** -exponent);
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => share / sum);
}

/** Draws the numbers of items by their shares. */
export function drawByShares(shares: ArrayLike<number>, random: Random): () => number {
  const sums = new Float64Array(shares.length);
  let sum = 0;
  for (let index = 0; index < shares.length; index++) sums[index] = sum += shares[index]!;
  return () => {
    const point = random.uniform() * sum;
    let low = 0, high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > point) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
