import { attendRows } from "./attend.ts";
import { multiplyHeads, multiplyHeadsBack, normalizeRows, rotateHeads } from "./kernels.ts";
import type { LatentWeights, LayerWeights, Weight } from "./language_model.ts";
import type { Pass } from "./pass.ts";

/**
 * Latent attention (MLA), up to the output projection, in the absorbed form: prompts, too.
 *
 * A score is q·(K c) = (Kᵀ q)·c, so the matrix of keys is multiplied into the query and not into every cached latent c;
 * and the weighted sum of values V c is V times that of latents. What is left is attention of all query heads over one
 * cached head, the latent with the rotary key beside it, whose first part is the value as well.
 *
 * @param hidden The normalized hidden state, a row for each token.
 */
export function latentAttention(
  pass: Pass,
  { queries: toQueries, keys: toKeys, values: toValues }: LayerWeights,
  { rotaryQueries: toRotaryQueries, down, norm, rotaryKey: toRotaryKey }: LatentWeights,
  index: number,
  hidden: Float32Array,
): Float32Array {
  const { rows, positions, trace } = pass;
  const { queryHeads, headDimension, ropeTheta, normEpsilon } = pass.model;
  const rotary = toRotaryKey.outputs;
  const rank = headDimension - rotary;
  const name = "queries and latent down";
  const [queries, rotaryQueries, latents, rotaryKeys] = pass.multiply(name, hidden, [
    toQueries,
    toRotaryQueries,
    down,
    toRotaryKey,
  ]) as [Float32Array, Float32Array, Float32Array, Float32Array];
  normalizeRows(latents, rows, norm, normEpsilon, latents);
  trace?.(name, { flops: 0, weights: norm.byteLength, cache: 0, activations: 0 });
  positions.forEach((position, row) => {
    const rotate = (x: Float32Array, heads: number) =>
      rotateHeads(x, row * heads * rotary, heads, rotary, position, ropeTheta);
    rotate(rotaryQueries, queryHeads);
    rotate(rotaryKeys, 1);
  });

  const absorb = (name: string, x: Float32Array, weight: Weight, y: Float32Array) => {
    const kernel = name === "absorb keys" ? multiplyHeadsBack : multiplyHeads;
    kernel(x, rows, queryHeads, weight, y);
    const { inputs, outputs, data: { byteLength: weights } } = weight;
    const activations = x.byteLength + y.byteLength;
    trace?.(name, { flops: 2 * rows * inputs * outputs, weights, cache: 0, activations });
    return y;
  };
  const absorbed = absorb(
    "absorb keys",
    queries,
    toKeys,
    new Float32Array(rows * queryHeads * rank),
  );
  const keys = sideBySide(latents, rank, rotaryKeys, rotary);
  const heads = {
    queryHeads,
    keyValueHeads: 1,
    keyDimension: headDimension,
    valueDimension: rank,
    scale: 1 / Math.sqrt(toQueries.outputs / queryHeads + rotary),
  };
  const mixed = attendRows(pass, index, heads, {
    queries: sideBySide(absorbed, rank, rotaryQueries, rotary),
    keys,
    values: keys,
    hidden,
  });
  return absorb("absorb values", mixed, toValues, new Float32Array(rows * toValues.outputs));
}

/** So many numbers of one, then so many of the other, again and again. */
function sideBySide(a: Float32Array, aWidth: number, b: Float32Array, bWidth: number) {
  const both = new Float32Array(a.length + b.length);
  const width = aWidth + bWidth;
  for (let i = 0; i * width < both.length; i++) {
    both.set(a.subarray(i * aWidth, (i + 1) * aWidth), i * width);
    both.set(b.subarray(i * bWidth, (i + 1) * bWidth), i * width + aWidth);
  }
  return both;
}
