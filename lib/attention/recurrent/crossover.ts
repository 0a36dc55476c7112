import { bytesPerValue, type Hardware } from "../../catalog/mod.ts";
import { formula } from "../../numeric/mod.ts";
import { stepTime } from "../../roofline/mod.ts";
import { type Formats, halfPrecision, type Step } from "../../transformer/mod.ts";
import { type Bytes, requirePositive, type Seconds, type Tokens } from "../../units/mod.ts";
import { hybridCacheBytes, type HybridModel, hybridOperators, hybridParameters } from "./hybrid.ts";

/** The context from which on a state is smaller than a cache, as it is printed and computed. */
export const stateCrossoverFormula = formula("context = state / cache", {
  context: "tokens",
  state: "bytes of all states of a sequence",
  cache: "bytes of cache for each token",
});

/** What is held in memory besides weights. */
export interface MemoryOptions {
  /** Default: 16 bits for everything. */
  readonly formats?: Formats;
  /**
   * Predictions held for a prompt: those of its last token, as it takes to go on, or those of all, as a plain call of the
   * published models returns them. Default "last".
   */
  readonly logits?: "last" | "all";
}

/**
 * How long a prompt fits? Weights, caches and states, and the predictions: vocabulary times tokens when all are kept.
 *
 * Activations are left out: a prompt can be computed in pieces. A stack without attention that keeps the last prediction
 * alone has no limit. Where all predictions are kept they are what fills the memory, in transformers too, so the limit
 * says more about the vocabulary than about attention.
 *
 * @param capacity Bytes of memory.
 * @returns Tokens; 0 when the weights do not fit, Infinity when nothing grows.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { largestContext, stateSpaceModels } from "@fewer-bytes/attention";
 *
 * const mamba = stateSpaceModels["mamba2-780m"];
 * assertEquals(largestContext(mamba, 24e9), Infinity);
 * assertEquals(Math.round(largestContext(mamba, 24e9, { logits: "all" }) / 1e3), 223); // thousand tokens
 * ```
 */
export function largestContext(
  model: HybridModel,
  capacity: Bytes,
  { formats = halfPrecision, logits = "last" }: MemoryOptions = {},
): Tokens {
  requirePositive(capacity, "fit a context", "the capacity");
  const weights = hybridParameters(model).total * bytesPerValue(formats.weights);
  const prediction = model.transformer.vocabularySize * bytesPerValue(formats.activations);
  const fits = (tokens: Tokens) =>
    weights + hybridCacheBytes(model, tokens, { storage: formats.cache }) +
        prediction * (logits === "all" ? tokens : 1) <= capacity;
  return fits(1) ? firstWithout(fits) - 1 : 0;
}

/**
 * From which context on does a model with states remember in fewer bytes than another with caches?
 *
 * @returns Tokens; Infinity when the second never takes more.
 * @example A Mamba remembers in what a small transformer takes for 480 tokens
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { memoryCrossover, stateSpaceModels } from "@fewer-bytes/attention";
 *
 * const qwen = { name: "Qwen", transformer: findModel("qwen2.5-0.5b"), recurrent: [] };
 * assertEquals(memoryCrossover(stateSpaceModels["mamba-790m"], qwen), 481);
 * ```
 */
export function memoryCrossover(
  states: HybridModel,
  caches: HybridModel,
  { formats = halfPrecision }: Pick<MemoryOptions, "formats"> = {},
): Tokens {
  const { cache: storage } = formats;
  return firstWithout((tokens) =>
    hybridCacheBytes(states, tokens, { storage }) >= hybridCacheBytes(caches, tokens, { storage })
  );
}

/** How long does a step take at least, by the roofline? */
export function hybridStepSeconds(
  model: HybridModel,
  step: Step,
  hardware: Hardware,
  formats: Formats = halfPrecision,
): Seconds {
  return stepTime(hybridOperators(model, step, { formats }), hardware).seconds;
}

/** From which prompt length on is the first model faster than the second, both at the roofline? */
export function prefillCrossover(
  first: HybridModel,
  second: HybridModel,
  hardware: Hardware,
  formats: Formats = halfPrecision,
): Tokens {
  const seconds = (model: HybridModel, newTokens: Tokens) =>
    hybridStepSeconds(
      model,
      { phase: "prefill", batch: 1, newTokens, context: 0 },
      hardware,
      formats,
    );
  return firstWithout((tokens) => seconds(first, tokens) >= seconds(second, tokens));
}

/** The first number of tokens for which something that holds at the beginning no longer holds; Infinity beyond 2⁴⁰. */
function firstWithout(holds: (tokens: Tokens) => boolean): Tokens {
  let low = 0, high = 1;
  while (holds(high)) {
    if (high >= 2 ** 40) return Infinity;
    [low, high] = [high, 2 * high];
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return high;
}
