import type { CachedTokens } from "./cache.ts";
import type { LanguageModel } from "./language_model.ts";
import type { Trace } from "./trace.ts";

/** Who hears of what attention does. */
export interface AttendOptions {
  /** Hears how each query head divided its attention; see `KeyValueCache.observe`. */
  readonly observe?: (head: number, shares: Float32Array) => void;
  readonly trace?: Trace | undefined;
}

/**
 * Attention of one new token: each query head looks at the keys of its group, at all or at those chosen for it, and takes
 * the values in proportion to softmax of the scores.
 */
export function attend(
  { queryHeads, keyValueHeads, headDimension }: LanguageModel,
  query: Float32Array,
  { count, keys, values, chosen, traffic }: CachedTokens,
  result: Float32Array,
  { observe, trace }: AttendOptions = {},
): void {
  const group = queryHeads / keyValueHeads;
  const width = keyValueHeads * headDimension;
  const scale = 1 / Math.sqrt(headDimension);
  const scores = new Float32Array(count);
  let pairs = 0;
  for (let head = 0; head < queryHeads; head++) {
    const own = head * headDimension;
    const shared = Math.floor(head / group) * headDimension;
    const list = chosen?.[head];
    const seen = list?.length ?? count;
    pairs += seen;
    let largest = -Infinity;
    for (let place = 0; place < seen; place++) {
      const key = (list ? list[place]! : place) * width + shared;
      let dot = 0;
      for (let i = 0; i < headDimension; i++) dot += query[own + i]! * keys[key + i]!;
      scores[place] = dot * scale;
      if (scores[place]! > largest) largest = scores[place]!;
    }
    let sum = 0;
    for (let place = 0; place < seen; place++) {
      sum += scores[place] = Math.exp(scores[place]! - largest);
    }
    result.fill(0, own, own + headDimension);
    for (let place = 0; place < seen; place++) {
      const share = scores[place] = scores[place]! / sum;
      const value = (list ? list[place]! : place) * width + shared;
      for (let i = 0; i < headDimension; i++) result[own + i]! += share * values[value + i]!;
    }
    observe?.(head, scores.subarray(0, seen));
  }
  trace?.("attention", {
    flops: 2 * 2 * headDimension * pairs,
    weights: 0,
    // Read: keys and values of all that is seen; written before: those of the token itself.
    cache: traffic ?? 4 * 2 * width * (count + 1),
    activations: query.byteLength + result.byteLength,
  });
}
