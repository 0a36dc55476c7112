import { requireChoice } from "./route.ts";

/**
 * In how many ways can a token choose its experts? Cutting each of N experts into m smaller ones and choosing m times as many
 * costs the same weights and operations, and gives many more combinations.
 *
 * Source: Dai et al., "DeepSeekMoE" (arXiv 2401.06066), section 3.1.
 *
 * @example Two of 16 experts, and eight of 64 that are a quarter as wide
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { expertCombinations } from "@fewer-bytes/experts";
 *
 * assertEquals([expertCombinations(16, 2), expertCombinations(64, 8)], [120n, 4_426_165_368n]);
 * ```
 */
export function expertCombinations(experts: number, expertsPerToken: number): bigint {
  requireChoice(experts, expertsPerToken, "count combinations");
  let ways = 1n;
  for (let chosen = 1n; chosen <= BigInt(expertsPerToken); chosen++) {
    ways = ways * (BigInt(experts) - chosen + 1n) / chosen;
  }
  return ways;
}
