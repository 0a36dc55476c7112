import { requirePositive } from "../../units/mod.ts";
import { formula } from "../../numeric/mod.ts";

/**
 * How much must exact attention move, as the size of the fast memory changes? Formulas for N queries and N keys of width d
 * and a fast memory of M values: traffic in values, without terms that grow only with N d.
 *
 * @module
 */
const shared = {
  values: "values that move between the memories",
  length: "queries, and as many keys: N",
  width: "width of a head: d",
  memory: "values that the fast memory holds: M",
  share: "memory at the crossover, as a share of width^2",
} as const;

/** FlashAttention-2: tiles of M / 2d queries, each reading 2 N d of keys and values. */
export const flashFormula = formula("values = 4 * length^2 * width^2 / memory", shared);

/** FlashAttention: as many tiles of keys, each reading queries and results and writing results: 3 N d. */
export const flashKeysOuterFormula = formula("values = 6 * length^2 * width^2 / memory", shared);

/** Scores stored once, and two products in squares of M outputs. */
export const smallCacheFormula = formula(
  "values = 4 * length^2 * width / sqrt(memory) + length^2",
  shared,
);

/** What standard attention adds to its two products: scores and weights, each written and read. */
export const standardExtraFormula = formula("values = 4 * length^2", shared);

/**
 * What no exact algorithm can beat by more than a constant factor, which the theorem leaves open. The first is smaller
 * where M > d².
 *
 * Source: Saha and Ye, "I/O Complexity of Attention, or How Optimal is FlashAttention?" (ICML 2024). The first bound
 * holds even with fast matrix multiplication, the second for the ordinary one.
 */
export const lowerBoundFormula = formula(
  "values = min(length^2 * width^2 / memory, length^2 * width / sqrt(memory))",
  shared,
);

/** Where our two algorithms meet: 4 u² = 4 u + 1 with u = d / √M. */
export const crossoverFormula = formula("share = (2 / (1 + sqrt(2)))^2", shared);

/**
 * At which size of fast memory does it begin to pay not to store the scores? At 0.69 d² values, counting what our two
 * algorithms move; at d² up to a constant, says the theory.
 *
 * @param width Of a head: d.
 * @returns Values of fast memory.
 * @example Heads of 128 cross at 45 KB of 32-bit values: an SM of a GPU has several times that
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { crossoverMemory } from "@fewer-bytes/attention";
 *
 * assertAlmostEquals(4 * crossoverMemory(128), 45e3, 500);
 * ```
 */
export function crossoverMemory(width: number): number {
  requirePositive(width, "find the crossover", "the width of a head");
  return crossoverFormula.evaluate({}) * width ** 2;
}
