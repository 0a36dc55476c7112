import { requirePositive } from "../../units/mod.ts";

/** What limits a cache of answers. */
export interface AnswerLimits {
  /** Answers that are kept. Default: all. */
  readonly capacity?: number;
  /** Questions after which an answer is too old. Default: never. */
  readonly lifetime?: number;
}

/**
 * Which share of questions has been asked before, and not too long ago?
 *
 * Questions are drawn one after the other, each by its share. An answer that is kept for its lifetime L, from when it was
 * computed, hits with the chance p L / (1 + p L): a miss, and then p L hits until it is too old. Kept by least recent use,
 * it hits when it was asked within the time T in which so many others come that they fill the cache: 1 - e^(-p T), where T
 * is such that these add up to the capacity (Che, Tung and Wang 2002). With both limits the smaller chance counts: a bound.
 *
 * Both are exact in the limit of many questions, each with a small share.
 *
 * @param shares How often each question is asked, such as {@linkcode zipfShares} gives; they add up to 1.
 * @throws {RangeError} when a limit is not above zero.
 * @example Popular questions, and questions that rarely return and age fast
 * ```ts
 * import { assert } from "@std/assert";
 * import { expectedHitRate, zipfShares } from "@fewer-bytes/paging";
 *
 * const code = expectedHitRate(zipfShares(100_000, 1), { capacity: 1_000 });
 * const news = expectedHitRate(zipfShares(100_000, 0.6), { capacity: 5_000, lifetime: 5_000 });
 * assert(code > 0.4 && code < 0.6);
 * assert(news > 0.05 && news < 0.15);
 * ```
 */
export function expectedHitRate(
  shares: ArrayLike<number>,
  { capacity = Infinity, lifetime = Infinity }: AnswerLimits = {},
): number {
  for (const [name, limit] of Object.entries({ capacity, lifetime })) {
    if (limit !== Infinity) requirePositive(limit, "expect hits", name);
  }
  const time = capacity >= shares.length ? Infinity : fillingTime(shares, capacity);
  let rate = 0;
  for (let index = 0; index < shares.length; index++) {
    const share = shares[index]!;
    if (share === 0) continue;
    const kept = -Math.expm1(-share * time);
    const fresh = lifetime === Infinity ? 1 : share * lifetime / (1 + share * lifetime);
    rate += share * Math.min(kept, fresh);
  }
  return Math.min(1, rate); // rounding may add a little
}

/** Questions until so many different ones have come: by halving, as the number grows with time. */
function fillingTime(shares: ArrayLike<number>, capacity: number): number {
  const different = (time: number) => {
    let sum = 0;
    for (let index = 0; index < shares.length; index++) sum -= Math.expm1(-shares[index]! * time);
    return sum;
  };
  let low = 0, high = 1;
  while (different(high) < capacity && high < 1e15) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (different(middle) < capacity) low = middle;
    else high = middle;
  }
  return high;
}
