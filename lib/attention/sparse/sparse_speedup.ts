import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger, requirePositive, type Tokens } from "../../units/mod.ts";

/** The gain of a sparse attention as it is printed and computed. */
export const sparseSpeedupFormula = formula("speedup = 1 / (density / efficiency + scoring)", {
  speedup: "time of dense attention over that of the sparse one",
  density: "share of the pairs that are computed",
  efficiency: "rate of the sparse kernel over that of the dense one",
  scoring: "time to choose, over the time of dense attention",
});

/** What a sparse attention computes of a dense one. */
export interface SparseWork {
  /** The share of pairs that are computed, from 0 to 1. */
  readonly density: number;
  /** What choosing costs, as a share of dense attention. Default 0: a pattern. */
  readonly scoring?: number;
  /** How fast its kernel is for the same work, next to the dense one. Default 1. */
  readonly efficiency?: number;
}

/**
 * How much faster can a sparse attention be, while arithmetic is what it waits for? One over what is left to do. However few
 * the pairs are, it never gains more than one over its scoring.
 *
 * @throws {RangeError} when the density is no share, or nothing at all is left to do.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sparseSpeedup } from "@fewer-bytes/attention";
 *
 * assertEquals(sparseSpeedup({ density: 0.1 }), 10);
 * assertEquals(sparseSpeedup({ density: 0.125, scoring: 0.125 }), 4);
 * ```
 */
export function sparseSpeedup({ density, scoring = 0, efficiency = 1 }: SparseWork): number {
  requireAtLeast(density, 0, "compare attentions", "density");
  requireAtLeast(1 - density, 0, "compare attentions", "one minus density");
  requireAtLeast(scoring, 0, "compare attentions", "scoring");
  requirePositive(efficiency, "compare attentions", "efficiency");
  return 1 / requirePositive(density / efficiency + scoring, "compare attentions", "the work left");
}

/**
 * How sparse must attention be for a claimed speedup? The inverse: what the claim says about its own conditions.
 *
 * @returns The density. Negative when scoring alone takes longer than the speedup allows: then no density will do.
 * @example XAttention's 13.5 with a stride of 16
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { antidiagonalScoring, densityForSpeedup } from "@fewer-bytes/attention";
 *
 * const scoring = antidiagonalScoring(16);
 * assertAlmostEquals(densityForSpeedup(13.5, { scoring }), 0.0428, 1e-4);
 * ```
 */
export function densityForSpeedup(
  speedup: number,
  { scoring = 0, efficiency = 1 }: Omit<SparseWork, "density"> = {},
): number {
  requirePositive(speedup, "find a density", "the speedup");
  requireAtLeast(scoring, 0, "find a density", "scoring");
  requirePositive(efficiency, "find a density", "efficiency");
  return efficiency * (1 / speedup - scoring);
}

/**
 * What do antidiagonal scores cost, as a share of dense attention? Of each tile of S × S scores S are computed, so 1/S of
 * the first of attention's two products: 1/(2S).
 */
export function antidiagonalScoring(stride: number): number {
  return 1 / (2 * requireInteger(stride, 1, "count antidiagonals", "the stride"));
}

/**
 * How much of causal attention does MoBA compute over a whole prompt, and what do its scores cost? Both as shares of dense
 * attention's arithmetic, exactly: the own blocks are half empty, and early queries have few blocks to choose from.
 *
 * @example Small blocks at half a million tokens
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { mobaWork, sparseSpeedup } from "@fewer-bytes/attention";
 *
 * const work = mobaWork(524_288, { blockSize: 128, topK: 8 });
 * assertAlmostEquals(work.density, 0.0037, 1e-4);
 * assertAlmostEquals(work.scoring, 0.0039, 1e-4); // by now choosing costs more than attending
 * assertAlmostEquals(sparseSpeedup(work), 132, 1);
 * ```
 */
export function mobaWork(
  context: Tokens,
  { blockSize, topK }: { readonly blockSize: Tokens; readonly topK: number },
): Required<Omit<SparseWork, "efficiency">> {
  requireInteger(context, 1, "count MoBA's work", "context");
  requireInteger(blockSize, 1, "count MoBA's work", "blockSize");
  requireInteger(topK, 1, "count MoBA's work", "topK");
  let pairs = 0, scores = 0;
  for (let block = 0; block * blockSize < context; block++) {
    const queries = Math.min(blockSize, context - block * blockSize);
    pairs += queries * (queries + 1) / 2 + queries * Math.min(block, topK - 1) * blockSize;
    if (block >= topK) scores += queries * block;
  }
  const dense = context * (context + 1) / 2;
  return { density: pairs / dense, scoring: scores / dense / 2 };
}

/**
 * How much longer can an input be when scores take the same memory? Dense attention that stores its scores fills n² of
 * them, a pattern n' · w: n' / n = n / w. It grows with the length that dense attention manages, so a claim of "10 times" is one
 * about that length: ten times the keys that a query sees.
 *
 * Kernels that never store scores (FlashAttention) make this gain moot; then memory grows with n either way.
 *
 * @param dense Tokens of the dense attention.
 * @param keysPerQuery Keys that a query of the pattern sees.
 * @throws {RangeError} when a query sees more than there are.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { lengthGain } from "@fewer-bytes/attention";
 *
 * assertEquals([64, 128].map((keys) => lengthGain(512, keys)), [8, 4]); // BigBird: 8 times, from 512 tokens
 * ```
 */
export function lengthGain(dense: Tokens, keysPerQuery: Tokens): number {
  requireInteger(dense, 1, "compare lengths", "the dense length");
  requirePositive(keysPerQuery, "compare lengths", "keysPerQuery");
  requireAtLeast(dense - keysPerQuery, 0, "compare lengths", "the dense length less keysPerQuery");
  return dense / keysPerQuery;
}

/** Which share of the time is saved by going so many times as fast? 1.55 times saves 35.5 %. */
export function timeSaved(speedup: number): number {
  return 1 - 1 / requirePositive(speedup, "compute time saved", "the speedup");
}
