import { formula } from "../../numeric/mod.ts";
import { type Bytes, type Flop, requireInteger } from "../../units/mod.ts";

const symbols = {
  stored: "bytes of the weights of one head",
  saved: "bytes of the log-sum-exps of one head",
  more: "operations to compute the scores again",
  length: "queries, and as many keys",
  width: "width of a head",
  bytes: "bytes for each weight",
} as const;

/** What must be kept between forward and backward when the weights are stored. */
export const storedWeightsFormula = formula("stored = bytes * length^2", symbols);

/** What must be kept when they are recomputed: one 32-bit number for each query. */
export const logSumExpFormula = formula("saved = 4 * length", symbols);

/** What recomputing costs: the product of queries and keys once more. */
export const recomputationFormula = formula("more = 2 * length^2 * width", symbols);

/** One head, kept between its two passes. */
export interface RecomputationSavings {
  readonly storedWeights: Bytes;
  readonly logSumExp: Bytes;
  /** Extra arithmetic, a quarter of the backward pass without it. */
  readonly extraFlops: Flop;
}

/**
 * What does the backward pass save by computing the weights again? Bytes that grow with N² become bytes that grow with N.
 *
 * @param length Queries, and as many keys.
 * @param width Width of a head.
 * @param bytesPerWeight Default 2: weights are stored in 16 bits.
 * @example 16 Ki tokens: half a GiB for each head becomes 64 KiB
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { recomputationSavings } from "@fewer-bytes/attention";
 *
 * const { storedWeights, logSumExp } = recomputationSavings(16384, 128);
 * assertEquals([storedWeights, logSumExp], [2 ** 29, 2 ** 16]);
 * ```
 */
export function recomputationSavings(
  length: number,
  width: number,
  bytesPerWeight = 2,
): RecomputationSavings {
  requireInteger(length, 1, "weigh recomputation", "the number of tokens");
  requireInteger(width, 1, "weigh recomputation", "the width of a head");
  return {
    storedWeights: bytesPerWeight * length ** 2,
    logSumExp: 4 * length,
    extraFlops: 2 * length ** 2 * width,
  };
}
