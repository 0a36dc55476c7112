import type { Hardware, HeadAttention, Model, NumberFormat } from "../../catalog/mod.ts";
import { bytesPerValue } from "../../catalog/mod.ts";
import { formula } from "../../numeric/mod.ts";
import { peakRate } from "../../roofline/mod.ts";
import { cachedValues } from "../../transformer/mod.ts";
import { requireAtLeast, requireInteger, type Seconds, type Tokens } from "../../units/mod.ts";

/** What each cached token costs, in seconds, in one layer. */
export interface RecomputationCosts {
  /** To bring its keys and values over the link. */
  readonly load: Seconds;
  /** To bring what they are computed from; 0 when that is on the device already. */
  readonly loadInput: Seconds;
  /** To compute them again. */
  readonly recompute: Seconds;
}

/** How the tokens are divided, and how long it takes. */
export interface RecomputationSplit {
  /** The first tokens, whose keys and values are computed again. */
  readonly recomputed: Tokens;
  readonly seconds: Seconds;
}

/** Where the two sides are done at the same moment, as it is printed and computed. */
export const recomputationSplitFormula = formula(
  "recomputed = tokens * load / (load + recompute)",
  {
    recomputed: "tokens whose keys and values are computed again",
    tokens: "tokens in the cache",
    load: "seconds to load keys and values of one token",
    recompute: "seconds to compute them again",
  },
);

/**
 * How long does it take when the first tokens are computed again? Their inputs come first; then the device computes while
 * the link brings keys and values of the rest, and the slower of both decides.
 */
export function splitTime(
  tokens: Tokens,
  recomputed: Tokens,
  { load, loadInput, recompute }: RecomputationCosts,
): Seconds {
  return recomputed * loadInput + Math.max(recomputed * recompute, (tokens - recomputed) * load);
}

/**
 * The cache lies in the memory of the host, and the link to it is slow. Should some keys and values be computed again
 * instead of loaded?
 *
 * Each token that is computed again spares the link its keys and values, and costs it their input. So it pays only when
 * the input is the smaller one, and then up to where both sides finish together. With as many key-value heads as query
 * heads the input is half of keys and values; with eight query heads to each it is four times as much, and nothing should
 * be recomputed unless the inputs are on the device already. (Jiang et al. 2024, KVPR.)
 *
 * @param tokens Tokens in the cache.
 * @throws {RangeError} when the number of tokens is no whole number, or a time is negative.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { recomputationSplit } from "@fewer-bytes/cache";
 *
 * const { recomputed, seconds } = recomputationSplit(100, { load: 3, loadInput: 0, recompute: 1 });
 * assertEquals([recomputed, seconds], [75, 75]); // instead of 300
 * ```
 */
export function recomputationSplit(tokens: Tokens, costs: RecomputationCosts): RecomputationSplit {
  requireInteger(tokens, 0, "split a cache", "tokens");
  const { load, loadInput, recompute } = costs;
  for (const [name, cost] of Object.entries({ load, loadInput, recompute })) {
    requireAtLeast(cost, 0, "split a cache", name);
  }
  const balance = load + recompute > 0 ? tokens * load / (load + recompute) : 0;
  let best = { recomputed: 0, seconds: splitTime(tokens, 0, costs) };
  for (const recomputed of [Math.floor(balance), Math.ceil(balance)]) {
    const seconds = splitTime(tokens, recomputed, costs);
    if (seconds < best.seconds) best = { recomputed, seconds };
  }
  return best;
}

/** Where the inputs are, and how things are stored. */
export interface RecomputationOptions {
  /** "host": they come over the link too. "device": they are there. Default "host". */
  readonly inputs?: "host" | "device";
  /** Of keys, values and inputs. Default bf16. */
  readonly format?: NumberFormat;
  /** Sequences that are decoded together. Default 1. */
  readonly batch?: number;
}

/**
 * What do loading and computing again cost a token in one layer of a model? The input is the hidden state; recomputing
 * is the projection to keys and values.
 *
 * @throws {RangeError} when the hardware has no PCIe link, or the attention is latent.
 */
export function recomputationCosts(
  model: Model,
  hardware: Hardware,
  { inputs = "host", format = "bf16", batch = 1 }: RecomputationOptions = {},
): RecomputationCosts {
  requireInteger(batch, 1, "cost a recomputation", "batch");
  const link = hostLink(hardware);
  const attention = headAttentionOf(model);
  const values = batch * cachedValues(attention);
  const bytes = bytesPerValue(format);
  return {
    load: values * bytes / link,
    loadInput: inputs === "host" ? batch * model.hiddenSize * bytes / link : 0,
    recompute: 2 * model.hiddenSize * values / peakRate(hardware, format),
  };
}

/** Bytes a second between the device and its host. */
export function hostLink({ id, links }: Hardware): number {
  const link = links.find(({ name }) => name.includes("PCIe"));
  if (!link) throw new RangeError(`Cannot load from the host as ${id} has no PCIe link`);
  return link.bandwidth;
}

function headAttentionOf({ name, layers }: Model): HeadAttention {
  const attention = layers[0]?.attention;
  if (attention?.kind !== "heads") {
    throw new RangeError(
      `Cannot cost a recomputation as attention must have heads: ${name} has a latent`,
    );
  }
  return attention;
}
