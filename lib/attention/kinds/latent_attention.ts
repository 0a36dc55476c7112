import type { Matrix } from "../../numeric/mod.ts";
import { rotateRows } from "../positions/rotary.ts";
import { headWeights } from "./head_weights.ts";
import { columns, project, sideBySide } from "./columns.ts";
import { headAttention } from "./head_attention.ts";
import type { LatentAttentionLayer } from "./latent_layer.ts";

/**
 * Latent attention as it is defined: every cached latent is expanded into the keys and values of all heads, and ordinary
 * causal attention follows. It is how prompts are computed, where each expansion serves many queries.
 *
 * @param x Hidden states of the new tokens, which are the last of the cache.
 * @param cache What {@linkcode latentCache} kept of all tokens so far.
 * @returns One row of hidden values for each new token.
 */
export function expandedLatentAttention(
  layer: LatentAttentionLayer,
  x: Matrix,
  cache: Matrix,
): Matrix<Float64Array> {
  const { heads, keyValueRank, rotaryDimension, keyDimension, valueDimension } = layer;
  const expanded = project(columns(cache, 0, keyValueRank), layer.up);
  const rotary = columns(cache, keyValueRank, rotaryDimension);
  const keys: Matrix[] = [], values: Matrix[] = [];
  for (let head = 0; head < heads; head++) {
    const start = head * (keyDimension + valueDimension);
    keys.push(columns(expanded, start, keyDimension), rotary);
    values.push(columns(expanded, start + keyDimension, valueDimension));
  }
  const queries = sideBySide(latentQueries(layer, x, cache).flat());
  return project(
    headAttention(queries, sideBySide(keys), sideBySide(values), { queryHeads: heads }),
    layer.output,
  );
}

/**
 * The same function without ever forming a key or a value: it is how tokens are decoded.
 *
 * A score is qᵀ(U c) = (Uᵀ q)ᵀ c, so the way up is multiplied into the query, once, and not into every latent. And the
 * weighted sum of values V c is V times the weighted sum of latents. What remains is attention of all heads over one
 * shared "head" of 576 numbers, the latent being both key and value. A rotated key could not be absorbed, as its rotation
 * stands between U and q and differs for each pair of positions: therefore the rotary key of its own.
 * (DeepSeek-AI 2024, section 2.1.2 and appendix C.)
 *
 * @example Nothing but the order of multiplication differs
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix, seeded } from "@fewer-bytes/numeric";
 * import * as attention from "@fewer-bytes/attention";
 *
 * const layer = attention.randomLatentAttention({
 *   hiddenSize: 8, heads: 2, keyValueRank: 4, rotaryDimension: 2, keyDimension: 3, valueDimension: 3,
 * }, seeded(1));
 * const random = seeded(2);
 * const x = new Matrix(5, 8, Float64Array.from({ length: 40 }, () => random.normal()));
 * const cache = attention.latentCache(layer, x);
 * const expanded = attention.expandedLatentAttention(layer, x, cache);
 * const absorbed = attention.absorbedLatentAttention(layer, x, cache);
 * expanded.data.forEach((value, i) => assertAlmostEquals(absorbed.data[i]!, value, 1e-12));
 * ```
 */
export function absorbedLatentAttention(
  layer: LatentAttentionLayer,
  x: Matrix,
  cache: Matrix,
): Matrix<Float64Array> {
  const { keyValueRank, rotaryDimension, keyDimension, valueDimension } = layer;
  const scale = 1 / Math.sqrt(keyDimension + rotaryDimension);
  const up = layer.up.transpose(); // so that a head's rows become columns
  const latents = columns(cache, 0, keyValueRank);
  const heads = latentQueries(layer, x, cache).map(([query, rotary], head) => {
    const start = head * (keyDimension + valueDimension);
    const keyUp = columns(up, start, keyDimension);
    const valueUp = columns(up, start + keyDimension, valueDimension);
    const absorbed = sideBySide([query.multiply(keyUp.transpose()), rotary]);
    return headWeights(absorbed, cache, { scale }).multiply(latents).multiply(valueUp);
  });
  return project(sideBySide(heads), layer.output);
}

/** Each head's query: the part without a position, and the rotary part. The new tokens end where the cache ends. */
function latentQueries(
  { heads, keyDimension, rotaryDimension, queries }: LatentAttentionLayer,
  x: Matrix,
  cache: Matrix,
): [Matrix<Float64Array>, Matrix<Float64Array>][] {
  const positions = cache.rows - x.rows;
  const all = project(x, queries);
  return Array.from({ length: heads }, (_, head) => {
    const start = head * (keyDimension + rotaryDimension);
    const rotary = columns(all, start + keyDimension, rotaryDimension);
    return [
      columns(all, start, keyDimension),
      rotateRows(rotary, { positions, pairing: "interleaved" }),
    ];
  });
}
