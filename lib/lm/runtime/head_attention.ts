import { attendRows } from "./attend.ts";
import { rotateHeads } from "./kernels.ts";
import type { LayerWeights } from "./language_model.ts";
import type { Pass } from "./pass.ts";

/**
 * Attention with keys and values per head (MHA, GQA, MQA), up to the output projection.
 *
 * @param hidden The normalized hidden state, a row for each token.
 */
export function headAttention(
  pass: Pass,
  { queries: toQueries, keys: toKeys, values: toValues, window }: LayerWeights,
  index: number,
  hidden: Float32Array,
): Float32Array {
  const { queryHeads, keyValueHeads, headDimension, ropeTheta } = pass.model;
  const [queries, keys, values] = pass.multiply("queries, keys, values", hidden, [
    toQueries,
    toKeys,
    toValues,
  ]) as [Float32Array, Float32Array, Float32Array];
  pass.positions.forEach((position, row) => {
    const rotate = (x: Float32Array, heads: number) =>
      rotateHeads(x, row * heads * headDimension, heads, headDimension, position, ropeTheta);
    rotate(queries, queryHeads);
    rotate(keys, keyValueHeads);
  });
  const heads = {
    queryHeads,
    keyValueHeads,
    keyDimension: headDimension,
    valueDimension: headDimension,
    scale: 1 / Math.sqrt(headDimension),
    window,
  };
  return attendRows(pass, index, heads, { queries, keys, values, hidden });
}
