import { formula } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { requireChance } from "../reading/distinct_experts.ts";
import { requireRepeat } from "../routing/draw_experts.ts";

/** Which slots a cache fills, as it is printed and computed for slots that all are asked for alike. */
export const recentShareFormula = formula("held = 1 - (1 - q) ^ time", {
  held: "chance that a thing is in the cache",
  q: "chance that a step asks for it",
  time:
    "steps that a thing stays after it was asked for: the one at which the chances add up to the slots",
});

/** What a cache of things does for steps that ask for some of them. */
export interface ExpectedMisses {
  /** Things that a step must bring. */
  readonly misses: number;
  /** Things that a step asks for. */
  readonly asked: number;
  /** The share of what is asked for that is not there. */
  readonly missRate: number;
  /** How likely each thing is in the cache when a step begins. */
  readonly held: Float64Array;
}

/**
 * How many experts must a step bring, when the cache keeps those that were asked for last (LRU)?
 *
 * A thing stays until as many others were asked for as there are slots. Che's approximation: that takes all things the same
 * time t, so one is there if a step among the last t asked for it, 1 − (1 − q)ᵗ, and t is where these chances add up to the
 * slots. For single requests it is within two percent. A step that asks for several at once makes it count too few misses: by
 * at most 4 percent when twice as much fits as a step asks for, by up to 10 when less fits.
 *
 * Steps are independent here, and within a step what is there is used before anything is brought. Real tokens repeat: if a
 * step asks for the same as the one before with chance r, only the other 1 − r of the steps miss at all.
 *
 * Sources: Fagin (1977); Che, Tung and Wang, "Hierarchical Web Caching Systems" (IEEE JSAC 2002); Fricker et al. (2012).
 *
 * @param chances How likely a step asks for each thing: {@linkcode stepChances}, or shares of whole models.
 * @param slots Things that fit.
 * @param repeat The chance that a step asks for the same as the one before. Default 0.
 * @throws {RangeError} when a chance is out of range or the slots are no whole number.
 * @example All alike: what is kept is hit as often as its share. A few favorites are kept without being told
 * ```ts
 * import { assert, assertAlmostEquals } from "@std/assert";
 * import { recentMisses } from "@fewer-bytes/experts";
 * import { zipfShares } from "@fewer-bytes/paging";
 *
 * assertAlmostEquals(recentMisses(zipfShares(150, 0), 45).missRate, 0.7, 1e-9);
 * assertAlmostEquals(recentMisses(zipfShares(150, 1), 45).missRate, 0.304, 0.001);
 * ```
 */
export function recentMisses(
  chances: ArrayLike<number>,
  slots: number,
  repeat = 0,
): ExpectedMisses {
  const asked = requireCache(chances, slots);
  requireRepeat(repeat, "count misses");
  // What is asked for in each step for certain would stay at any time; a crumb less lets slots be too few for it.
  const logs = asked.map((chance) => Math.log1p(-Math.min(chance, 1 - 1e-12)));
  const at = (time: number) => logs.map((log) => -Math.expm1(time * log));
  const filled = (time: number) => at(time).reduce((a, b) => a + b, 0);
  if (slots >= asked.filter((chance) => chance > 0).length) {
    return result(asked, asked.map((chance) => Math.sign(chance)), repeat);
  }
  let low = 0, high = 1;
  while (filled(high) < slots && high < 2 ** 100) high *= 2;
  for (let halving = 0; halving < 100; halving++) {
    const middle = (low + high) / 2;
    if (filled(middle) < slots) low = middle;
    else high = middle;
  }
  return result(asked, at(high), repeat);
}

/**
 * How many experts must a step bring, when the most popular ones stay forever? While steps are independent no rule does better
 * without knowing the future. It knows the popularity, though, and gains nothing from repetition.
 *
 * @example Pinning wins over recency, until steps repeat often enough
 * ```ts
 * import { assert } from "@std/assert";
 * import { pickChances, pinnedMisses, recentMisses } from "@fewer-bytes/experts";
 * import { zipfShares } from "@fewer-bytes/paging";
 *
 * const chances = pickChances(zipfShares(128, 1), 8);
 * const pinned = pinnedMisses(chances, 32).misses;
 * assert(pinned < recentMisses(chances, 32).misses && pinned > recentMisses(chances, 32, 0.5).misses);
 * ```
 */
export function pinnedMisses(chances: ArrayLike<number>, slots: number): ExpectedMisses {
  const asked = requireCache(chances, slots);
  const held = new Float64Array(asked.length);
  Array.from(asked.keys())
    .sort((a, b) => asked[b]! - asked[a]! || a - b)
    .slice(0, slots)
    .forEach((thing) => held[thing] = 1);
  return result(asked, held, 0);
}

function requireCache(chances: ArrayLike<number>, slots: number): Float64Array {
  requireInteger(slots, 0, "count misses", "the slots");
  requireInteger(chances.length, 1, "count misses", "the number of chances");
  return Float64Array.from(chances, (chance) => requireChance(chance, "count misses"));
}

function result(asked: Float64Array, held: Float64Array, repeat: number): ExpectedMisses {
  const all = asked.reduce((a, b) => a + b, 0);
  const misses = (1 - repeat) *
    asked.reduce((sum, chance, thing) => sum + chance * (1 - held[thing]!), 0);
  return { misses, asked: all, missRate: all === 0 ? 0 : misses / all, held };
}
