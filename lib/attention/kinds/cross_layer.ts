import type { Layers, Model } from "../../catalog/mod.ts";
import { Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import {
  type AttentionLayer,
  type AttentionLayerOptions,
  type KeysAndValues,
  keysAndValues,
  runAttentionLayer,
} from "./attention_layer.ts";

/** A layer that makes keys and values of its own, or has none and reads those of the last layer that has. */
export type CrossLayer =
  & Pick<AttentionLayer, "queries" | "output">
  & Partial<Pick<AttentionLayer, "keys" | "values">>;

/** Takes keys and values from all layers but the first of each group: the weights of cross-layer attention. */
export function shareCaches(layers: readonly AttentionLayer[], group: number): CrossLayer[] {
  requireInteger(group, 1, "share caches", "the group");
  return layers.map(({ queries, keys, values, output }, index) =>
    index % group === 0 ? { queries, keys, values, output } : { queries, output }
  );
}

/**
 * What does a stack compute whose layers share caches? Cross-layer attention (CLA): a layer without keys and values of its
 * own looks, with its own queries, at those of the layer below. Each group of layers keeps one cache instead of one each,
 * which multiplies with what grouped heads save. (Brandon et al. 2024.)
 *
 * @param x One token in each row.
 * @returns What leaves the last layer, and the values in the caches.
 * @throws {TypeError} when the first layer has no keys and values.
 * @example Two layers, one cache
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix, seeded } from "@fewer-bytes/numeric";
 * import { randomAttentionLayer, runCrossLayers, shareCaches } from "@fewer-bytes/attention";
 *
 * const random = seeded(1);
 * const heads = { query: 2, keyValue: 1 };
 * const layers = [1, 2].map(() => randomAttentionLayer(8, heads, 4, random));
 * const x = Matrix.zeros(10, 8);
 * const options = { queryHeads: 2, keyValueHeads: 1 };
 * assertEquals(runCrossLayers(layers, x, options).cachedValues, 2 * 10 * (4 + 4));
 * assertEquals(runCrossLayers(shareCaches(layers, 2), x, options).cachedValues, 10 * (4 + 4));
 * ```
 */
export function runCrossLayers(
  layers: readonly CrossLayer[],
  x: Matrix,
  options: AttentionLayerOptions = {},
): { readonly output: Matrix<Float64Array>; readonly cachedValues: number } {
  let hidden: Matrix<Float64Array> = new Matrix(x.rows, x.columns, Float64Array.from(x.data));
  let cache: KeysAndValues | undefined;
  let cachedValues = 0;
  layers.forEach(({ queries, keys, values, output }, index) => {
    if (keys && values) {
      cache = keysAndValues({ keys, values }, hidden, options);
      cachedValues += cache.keys.data.length + cache.values.data.length;
    }
    if (!cache) {
      throw new TypeError(
        `Cannot run layer ${index} as it must have keys and values, or stand above a layer that has`,
      );
    }
    hidden = runAttentionLayer({ queries, output }, hidden, cache, options);
  });
  return { output: hidden, cachedValues };
}

/**
 * What would a model cost if its layers shared caches in groups? The same model for the operator table, in which only one
 * layer of each group has keys and values.
 *
 * Like all that changes a model's function, it has to be trained: it is a question, not a conversion.
 *
 * @throws {RangeError} when the group is no whole number from 1.
 * @example Half the cache
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { cacheBytesPerToken } from "@fewer-bytes/transformer";
 * import { withSharedCaches } from "@fewer-bytes/attention";
 *
 * const model = findModel("llama-3.1-8b");
 * assertEquals(cacheBytesPerToken(model), 131_072);
 * assertEquals(cacheBytesPerToken(withSharedCaches(model, 2)), 65_536);
 * ```
 */
export function withSharedCaches(model: Model, group: number): Model {
  requireInteger(group, 1, "share caches", "the group");
  const layers = model.layers.flatMap((each): Layers[] => {
    const { attention, count } = each;
    const owners = Math.ceil(count / group);
    if (attention.kind !== "heads" || owners === count) return [each];
    return [
      { ...each, count: owners },
      { ...each, count: count - owners, attention: { ...attention, sharesCache: true } },
    ];
  });
  return { ...model, name: `${model.name}, caches shared by ${group}`, layers };
}
