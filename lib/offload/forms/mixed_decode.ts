import { bytesPerValue, layerCount } from "../../catalog/mod.ts";
import { hostLink } from "../../cache/mod.ts";
import {
  complete,
  type Deployment,
  operatorOptions,
  operatorTime,
  stepTime,
} from "../../roofline/mod.ts";
import { operators } from "../../transformer/mod.ts";
import { type Bytes, requireInteger, type Seconds, type Tokens } from "../../units/mod.ts";
import { bestMix, type CacheMix, type MixCosts } from "./best_mix.ts";
import { cacheForms } from "./cache_forms.ts";

/** What a decode step with caches on the host takes. */
export interface MixedDecode extends CacheMix {
  /** Of the whole step: all layers, one after the other. */
  readonly seconds: Seconds;
  readonly tokensPerSecond: number;
  /** What the host holds of one sequence, with inputs in the place of keys and values that are computed again. */
  readonly held: Bytes;
  readonly costs: MixCosts;
}

/** Where weights lie. */
export interface MixOptions {
  /** The share of the weights that is streamed from the host in each step. Default 0: all on the device. */
  readonly streamed?: number;
}

/**
 * What do a layer's tokens cost, by the operator table? Keys and values of one token, or its input, over the link; and the
 * projection to keys and values, which is a part of the row that computes them for a new token.
 *
 * @param context Tokens in the cache of each sequence.
 * @throws {RangeError} when the hardware has no PCIe link, heads differ from layer to layer, or a value is out of range.
 */
export function mixCosts(
  deployment: Deployment,
  batch: number,
  context: Tokens,
  { streamed = 0 }: MixOptions = {},
): MixCosts {
  requireInteger(batch, 1, "mix a cache", "batch");
  requireInteger(context, 1, "mix a cache", "the context");
  if (!(streamed >= 0 && streamed <= 1)) {
    throw new RangeError(
      `Cannot mix a cache as the share that is streamed must be from 0 to 1: current value is ${streamed}`,
    );
  }
  const full = complete(deployment);
  const { model, hardware, formats, efficiency } = full;
  const link = hostLink(hardware) * efficiency.link;
  const forms = cacheForms(model, formats.cache);
  const layers = layerCount(model);
  const table = (newTokens: number, before: Tokens) =>
    operators(
      model,
      { phase: newTokens > 1 ? "prefill" : "decode", batch, newTokens, context: before },
      operatorOptions(full),
    ).filter(({ name }) => !["embedding", "final norm", "head"].includes(name));
  const rows = table(1, context);
  const project = table(context, 0).find(({ name }) => name === "queries, keys, values")!;
  const share = 2 / (forms.group + 2); // of a row that makes a query for each head, and a key and a value for each group
  const rebuilt = {
    ...project,
    flops: share * project.flops,
    bytes: {
      weights: 0, // they are read for the new token's own keys and values
      cache: 0,
      activations: batch * context * layers *
        (model.hiddenSize * bytesPerValue(formats.activations) + forms.keysAndValues),
    },
  };
  const weights = rows.reduce((sum, { bytes }) => sum + bytes.weights, 0) / layers;
  return {
    load: batch * forms.keysAndValues / link,
    loadInput: batch * forms.activation / link,
    recompute: operatorTime(rebuilt, hardware, efficiency).seconds / layers / context,
    rest: stepTime(rows, hardware, efficiency).seconds / layers,
    weights: streamed * weights / link,
  };
}

/**
 * How fast is a decode step whose caches lie on the host, when the best part of them is computed again? KVPR: with
 * multi-head attention inputs are half as large as keys and values, so at most twice as fast, and less by what the GPU
 * has no time for.
 *
 * @throws {RangeError} as {@linkcode mixCosts}.
 * @example OPT-30B behind PCIe 4: three quarters of the tokens are computed again. Llama-3.1-8B gains nothing
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { mixedDecode } from "@fewer-bytes/offload";
 *
 * const speedup = (model: string) =>
 *   mixedDecode({ model: findModel(model), hardware: findHardware("nvidia-a100-sxm-40gb") }, 32, 1024).speedup;
 * assertAlmostEquals(speedup("opt-30b"), 1.63, 0.01);
 * assertEquals(speedup("llama-3.1-8b"), 1);
 * ```
 */
export function mixedDecode(
  deployment: Deployment,
  batch: number,
  context: Tokens,
  options: MixOptions = {},
): MixedDecode {
  const costs = mixCosts(deployment, batch, context, options);
  const { model, formats } = complete(deployment);
  const mix = bestMix(context, costs);
  const layers = layerCount(model);
  const forms = cacheForms(model, formats.cache);
  const seconds = layers * mix.seconds;
  return {
    ...mix,
    seconds,
    tokensPerSecond: batch / seconds,
    held: layers *
      (mix.recomputed * forms.activation + (context - mix.recomputed) * forms.keysAndValues),
    costs,
  };
}
