import type { ExpertFeedForward } from "../../catalog/mod.ts";
import { zipfShares } from "../../paging/mod.ts";
import { requireAtLeast } from "../../units/mod.ts";
import { evenChances, pickChances } from "../routing/pick_chances.ts";

const known = new Map<string, Float64Array>();

/**
 * How likely one token picks each expert of a layer, the most popular first, when popularity follows Zipf's law.
 *
 * @param exponent 0 when all are alike, as training wants it; 1 when the second is half as popular as the first.
 * @throws {RangeError} when the exponent is negative.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { popularChances } from "@fewer-bytes/experts";
 *
 * const [first, second] = popularChances({ experts: 64, expertsPerToken: 4 }, 1);
 * assert(first! > second! && first! < 2 * second!); // nobody is picked twice
 * ```
 */
export function popularChances(
  { experts, expertsPerToken }: Pick<ExpertFeedForward, "experts" | "expertsPerToken">,
  exponent = 0,
): Float64Array {
  requireAtLeast(exponent, 0, "find chances", "the exponent");
  if (exponent === 0) return evenChances(experts, expertsPerToken);
  const key = `${experts} ${expertsPerToken} ${exponent}`;
  const found = known.get(key) ?? pickChances(zipfShares(experts, exponent), expertsPerToken);
  known.set(key, found);
  return found.slice();
}
