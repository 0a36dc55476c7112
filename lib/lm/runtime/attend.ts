import type { CachedTokens } from "./cache.ts";
import type { LanguageModel } from "./language_model.ts";
import type { Trace } from "./trace.ts";

/**
 * Attention of one new token: each query head looks at the keys of its group, and takes the values in proportion to
 * softmax of the scores.
 */
export function attend(
  { queryHeads, keyValueHeads, headDimension }: LanguageModel,
  query: Float32Array,
  { count, keys, values }: CachedTokens,
  result: Float32Array,
  trace?: Trace,
): void {
  const group = queryHeads / keyValueHeads;
  const width = keyValueHeads * headDimension;
  const scale = 1 / Math.sqrt(headDimension);
  const scores = new Float32Array(count);
  for (let head = 0; head < queryHeads; head++) {
    const own = head * headDimension;
    const shared = Math.floor(head / group) * headDimension;
    let largest = -Infinity;
    for (let token = 0; token < count; token++) {
      const key = token * width + shared;
      let dot = 0;
      for (let i = 0; i < headDimension; i++) dot += query[own + i]! * keys[key + i]!;
      scores[token] = dot * scale;
      if (scores[token]! > largest) largest = scores[token]!;
    }
    let sum = 0;
    for (let token = 0; token < count; token++) {
      sum += scores[token] = Math.exp(scores[token]! - largest);
    }
    result.fill(0, own, own + headDimension);
    for (let token = 0; token < count; token++) {
      const share = scores[token]! / sum;
      const value = token * width + shared;
      for (let i = 0; i < headDimension; i++) result[own + i]! += share * values[value + i]!;
    }
  }
  trace?.("attention", {
    flops: 2 * 2 * queryHeads * headDimension * count,
    weights: 0,
    // Read: keys and values of all that is seen; written before: those of the token itself.
    cache: 4 * 2 * width * (count + 1),
    activations: query.byteLength + result.byteLength,
  });
}
