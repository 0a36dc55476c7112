import { bytesPerValue, type Model, type Storage } from "../../catalog/mod.ts";
import { cachedValues } from "../../transformer/mod.ts";
import type { Bytes } from "../../units/mod.ts";

/** What one layer may keep of a token. */
export interface CacheForms {
  /** The input of the layer, from which keys and values are computed again. */
  readonly activation: Bytes;
  readonly keysAndValues: Bytes;
  /** Activation over keys and values: what is computed again is smaller only below 1. */
  readonly ratio: number;
  /** Query heads that share a head of keys and values. */
  readonly group: number;
}

/**
 * Which is smaller, the input of a layer or its keys and values? With as many heads of each kind as queries the input is
 * half of both; with two queries to each head they are equal; with eight, as in most models today, the input is four times
 * as large. So storing inputs instead of caches is an idea for multi-head attention.
 *
 * @param storage Of both. Default bf16.
 * @throws {RangeError} when the attention is latent, which is smaller than both, or differs from layer to layer.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { cacheForms } from "@fewer-bytes/offload";
 *
 * const { activation, keysAndValues } = cacheForms(findModel("opt-13b"));
 * assertEquals([activation, keysAndValues], [10_240, 20_480]);
 * assertEquals(["opt-13b", "llama-3.1-70b"].map((name) => cacheForms(findModel(name)).ratio), [0.5, 4]);
 * ```
 */
export function cacheForms(model: Model, storage: Storage = "bf16"): CacheForms {
  const { name, hiddenSize, layers } = model;
  const size = bytesPerValue(storage);
  const values = new Set(layers.map(({ attention }) => cachedValues(attention)));
  const attention = layers[0]!.attention;
  if (attention.kind !== "heads" || values.size !== 1) {
    throw new RangeError(
      `Cannot compare forms of a cache as all layers of ${name} must have the same heads: ${
        attention.kind === "heads" ? "they differ" : "it has a latent"
      }`,
    );
  }
  const keysAndValues = cachedValues(attention) * size;
  return {
    activation: hiddenSize * size,
    keysAndValues,
    ratio: hiddenSize * size / keysAndValues,
    group: attention.queryHeads / attention.keyValueHeads,
  };
}
