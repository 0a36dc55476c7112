import { requireInteger, type Tokens } from "../../units/mod.ts";
import { binomialMass } from "./binomial.ts";

/**
 * How many tokens does the fullest expert get, on average? Balls thrown into bins: even a perfect router leaves some bins with
 * more, and all wait for the fullest.
 *
 * The load of an expert is binomial. The largest of them is at most m when all are, and experts are taken as independent,
 * which they nearly are when there are many: what one has too much is spread over all others. It is 2 percent off with 32
 * experts, and 8 with 4.
 *
 * @param chances How likely a token picks each expert.
 * @returns Tokens of the fullest, and that over the mean: the {@linkcode imbalance}.
 * @throws {RangeError} when a value is out of range.
 * @example Many tokens even out, and popularity does not
 * ```ts
 * import { assert, assertAlmostEquals } from "@std/assert";
 * import { evenChances, largestLoad, pickChances } from "@fewer-bytes/experts";
 * import { zipfShares } from "@fewer-bytes/paging";
 *
 * const chances = evenChances(256, 8); // DeepSeek-V3
 * assertAlmostEquals(largestLoad(chances, 128).overMean, 2.63, 0.01);
 * assertAlmostEquals(largestLoad(chances, 8192).overMean, 1.18, 0.01);
 * assert(largestLoad(pickChances(zipfShares(256, 0.5), 8), 8192).overMean > 6);
 * ```
 */
export function largestLoad(
  chances: ArrayLike<number>,
  tokens: Tokens,
): { readonly expected: Tokens; readonly overMean: number } {
  requireInteger(chances.length, 1, "find the largest load", "the number of experts");
  requireInteger(tokens, 1, "find the largest load", "the tokens");
  const all = new Float64Array(tokens + 1).fill(1); // how likely no load is above each number
  const known = new Map<number, Float64Array>();
  let mean = 0;
  for (const chance of Array.from(chances)) {
    let below = known.get(chance);
    if (!below) {
      let sum = 0;
      below = binomialMass(tokens, chance).map((mass) => Math.min(1, sum += mass));
      known.set(chance, below);
    }
    for (let load = 0; load <= tokens; load++) all[load]! *= below[load]!;
    mean += tokens * chance / chances.length;
  }
  let expected = 0;
  for (let load = 0; load < tokens; load++) expected += 1 - all[load]!;
  return { expected, overMean: expected / mean };
}
