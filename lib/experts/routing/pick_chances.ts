import { requireAtLeast } from "../../units/mod.ts";
import { requireChoice } from "./route.ts";

/** The distance between two points of the integral, in the logarithm of time. */
const stride = 0.1;

/**
 * How likely does one token pick each expert, when it picks k different ones and some are more popular?
 *
 * With k = 1 the chance is the share itself. With more, popular experts cannot be picked twice, so the chances are flatter
 * than k times the shares; they add up to k. There is no closed form, but a short integral: give each expert a clock that
 * rings after an exponential time of rate share; the k that ring first are the picks. An expert is among them if at most
 * k − 1 others rang before it.
 *
 * @param shares How popular each expert is, in any unit.
 * @returns A chance for each expert, from 0 to 1, together k.
 * @throws {RangeError} when a share is negative, or fewer than k are above zero.
 * @example Three experts, of whom one is twice as popular; two are picked
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { pickChances } from "@fewer-bytes/experts";
 *
 * const [first, second] = pickChances([2, 1, 1], 2);
 * assertAlmostEquals(first!, 1 / 2 + 2 * 1 / 4 * 2 / 3, 1e-9); // picked first, or second after either other
 * assertAlmostEquals(first! + 2 * second!, 2, 1e-9);
 * ```
 */
export function pickChances(shares: ArrayLike<number>, expertsPerToken: number): Float64Array {
  const rates = requireShares(shares, expertsPerToken, "find chances");
  const experts = rates.length, k = expertsPerToken;
  const before = new Float64Array((experts + 1) * k), after = new Float64Array((experts + 1) * k);
  const chances = new Float64Array(experts);
  const positive = rates.filter((rate) => rate > 0);
  const least = positive.reduce((a, b) => Math.min(a, b));
  const [start, end] = [Math.log(1e-17), Math.log(45 / least)];
  for (let logTime = start; logTime <= end; logTime += stride) {
    const time = Math.exp(logTime);
    const rung = rates.map((rate) => -Math.expm1(-rate * time));
    countRung(rung, k, before, 1);
    countRung(rung, k, after, -1);
    for (let expert = 0; expert < experts; expert++) {
      // At most k − 1 of the others rang: some of those before it, the rest of those after it.
      let few = 0, cumulated = 0;
      for (let early = k - 1; early >= 0; early--) {
        cumulated += after[(expert + 1) * k + k - 1 - early]!;
        few += before[expert * k + early]! * cumulated;
      }
      const rate = rates[expert]!;
      chances[expert]! += stride * time * rate * Math.exp(-rate * time) * few;
    }
  }
  return chances.map((chance) => Math.min(1, chance));
}

/** Chances that are alike: k / E for each. */
export function evenChances(experts: number, expertsPerToken: number): Float64Array {
  requireChoice(experts, expertsPerToken, "find chances");
  return new Float64Array(experts).fill(expertsPerToken / experts);
}

/** For each place, how likely 0 to k − 1 of the experts on one side of it rang: row e of `counts` is of those before e. */
function countRung(rung: Float64Array, k: number, counts: Float64Array, direction: 1 | -1): void {
  const experts = rung.length;
  const row = (place: number) => place * k;
  const first = direction === 1 ? 0 : experts;
  counts.fill(0, row(first), row(first) + k);
  counts[row(first)] = 1;
  for (let step = 0; step < experts; step++) {
    const from = row(first + direction * step), to = row(first + direction * (step + 1));
    const chance = rung[direction === 1 ? step : experts - 1 - step]!;
    for (let count = k - 1; count >= 0; count--) {
      counts[to + count] = counts[from + count]! * (1 - chance) +
        (count > 0 ? counts[from + count - 1]! * chance : 0);
    }
  }
}

/** Shares that add up to 1; refuses what is no popularity. */
export function requireShares(
  shares: ArrayLike<number>,
  expertsPerToken: number,
  action: string,
): Float64Array {
  const rates = Float64Array.from(shares);
  rates.forEach((share) => requireAtLeast(share, 0, action, "a share"));
  requireChoice(rates.filter((share) => share > 0).length, expertsPerToken, action);
  const sum = rates.reduce((a, b) => a + b, 0);
  return rates.map((share) => share / sum);
}
