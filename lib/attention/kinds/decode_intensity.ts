import type { Model } from "../../catalog/mod.ts";
import { formula } from "../../numeric/mod.ts";
import {
  arithmeticIntensity,
  cacheBytes,
  type Formats,
  halfPrecision,
  operators,
  sumOperators,
} from "../../transformer/mod.ts";
import { type FlopPerByte, requireInteger, type Tokens } from "../../units/mod.ts";

const shared = {
  intensity: "FLOP for each byte of cache, at long context",
  size: "bytes of one cached value: 2 at sixteen bits",
} as const;

/** Decode attention with heads, as it is printed and computed: two products, each of two operations a cached value. */
export const headIntensityFormula = formula(
  "intensity = (4 * queryHeads * dimension) / (2 * keyValueHeads * dimension * size)",
  {
    ...shared,
    queryHeads: "heads of queries",
    keyValueHeads: "heads of keys and values",
    dimension: "values in one head; it cancels",
  },
);

/** Absorbed latent attention, as it is printed and computed: the latent is read once and serves as key and as value. */
export const latentIntensityFormula = formula(
  "intensity = 2 * heads * (2 * rank + rotary) / ((rank + rotary) * size)",
  {
    ...shared,
    heads: "heads of queries",
    rank: "width of the latent",
    rotary: "width of the rotary key",
  },
);

/** The context whose cache weighs as much as the weights, as it is printed and computed. */
export const outweighFormula = formula("context = weights / (batch * cache)", {
  context: "tokens in each sequence",
  weights: "bytes of weights read in a step",
  batch: "sequences decoded together",
  cache: "bytes of cache for each token",
});

/** How a decode step is taken. */
export interface DecodeOptions {
  /** Default 1. */
  readonly batch?: number;
  /** Default: 16 bits for everything. */
  readonly formats?: Formats;
}

/**
 * How many operations does decode attention do for each byte that it moves? From the operator table, so queries, results
 * and the new token's own entry are counted too; at long context they vanish.
 *
 * Sequences of a batch do not share caches, so a batch does not change it: nothing but the kind of attention does. MHA
 * has 1, GQA the number of queries in a group, and absorbed MLA with 128 heads about 242, close to what an accelerator
 * can do while it reads a byte. There it is the arithmetic that runs out first.
 *
 * @param context Tokens of each sequence that are cached.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { decodeAttentionIntensity } from "@fewer-bytes/attention";
 *
 * assertAlmostEquals(decodeAttentionIntensity(findModel("llama-2-7b"), 1e6), 1, 0.01); // MHA
 * assertAlmostEquals(decodeAttentionIntensity(findModel("llama-3.1-8b"), 1e6), 4, 0.01); // 32 heads of queries, 8 of keys
 * assertAlmostEquals(decodeAttentionIntensity(findModel("deepseek-v3"), 1e6), 241.8, 0.1); // MLA
 * ```
 */
export function decodeAttentionIntensity(
  model: Model,
  context: Tokens,
  { batch = 1, formats = halfPrecision }: DecodeOptions = {},
): FlopPerByte {
  const table = operators(model, { phase: "decode", batch, newTokens: 1, context }, { formats });
  return arithmeticIntensity(sumOperators(table.filter(({ name }) => name === "attention")));
}

/**
 * From which context on does a decode step read more cache than weights?
 *
 * Weights are read once for the batch, caches once for each sequence: the larger the batch, the sooner. Layers with
 * windows stop adding; a model in which all have one may never get there.
 *
 * @returns Tokens in each sequence, rounded up to a whole one; Infinity when the cache never outweighs the weights.
 * @example A batch of 64 reaches it sixty-four times as soon
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { contextWhereCacheOutweighs } from "@fewer-bytes/attention";
 *
 * const model = findModel("llama-3.1-8b");
 * assertEquals(contextWhereCacheOutweighs(model), 114_517);
 * assertEquals(contextWhereCacheOutweighs(model, { batch: 64 }), 1790);
 * ```
 */
export function contextWhereCacheOutweighs(model: Model, options: DecodeOptions = {}): Tokens {
  const { batch = 1, formats = halfPrecision } = options;
  requireInteger(batch, 1, "compare cache and weights", "batch");
  const step = { phase: "decode", batch, newTokens: 1, context: 0 } as const;
  const weights = sumOperators(operators(model, step, { formats })).bytes.weights;
  const enough = (context: Tokens) =>
    batch * cacheBytes(model, context, { storage: formats.cache }) >= weights;
  let high = 1;
  while (high < 2 ** 40 && !enough(high)) high *= 2;
  if (!enough(high)) return Infinity;
  let low = 0;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
