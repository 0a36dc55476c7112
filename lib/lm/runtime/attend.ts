import type { CachedTokens } from "./cache.ts";
import type { Pass } from "./pass.ts";
import type { Trace } from "./trace.ts";

/** Heads as they meet the cache. */
export interface CachedHeads {
  readonly queryHeads: number;
  readonly keyValueHeads: number;
  /** Width of a query, and of a key-value head in the cache. */
  readonly keyDimension: number;
  /** How much of a head is the value, from its beginning. */
  readonly valueDimension: number;
  /** What scores are multiplied with. */
  readonly scale: number;
  /** How many tokens a query may see. Default: all. */
  readonly window?: number | undefined;
}

/** The new tokens on their way into attention, a row for each; queries and keys are turned to their positions. */
export interface AttentionInputs {
  readonly queries: Float32Array;
  readonly keys: Float32Array;
  /** The same array as `keys` where these hold the values too. */
  readonly values: Float32Array;
  /** What all three were computed from. */
  readonly hidden: Float32Array;
}

/** Who hears of what attention does. */
export interface AttendOptions {
  /** Hears how each query head divided its attention; see `KeyValueCache.observe`. */
  readonly observe?: (head: number, shares: Float32Array) => void;
  readonly trace?: Trace | undefined;
}

/**
 * Attention of all new tokens, each into the cache of its own sequence, which keeps them one after the other.
 *
 * @returns A row for each token: what its query heads took, side by side.
 */
export function attendRows(
  { sequences, rows, positions, trace }: Pass,
  layer: number,
  heads: CachedHeads,
  { queries, keys, values, hidden }: AttentionInputs,
): Float32Array {
  const result = new Float32Array(rows * heads.queryHeads * heads.valueDimension);
  let row = 0;
  const own = (all: Float32Array) => {
    const width = all.length / rows;
    return all.subarray(row * width, (row + 1) * width);
  };
  for (const { tokens, cache } of sequences) {
    const options: AttendOptions = {
      trace,
      ...(cache.observe &&
        { observe: (head, shares) => cache.observe!(layer, head, shares) }),
    };
    for (let token = 0; token < tokens.length; token++, row++) {
      const key = own(keys);
      cache.append(layer, {
        position: positions[row]!,
        keys: key,
        values: values === keys ? key : own(values),
        hidden: own(hidden),
      });
      const query = own(queries);
      attend(heads, query, cache.read(layer, query), own(result), options);
    }
  }
  return result;
}

/**
 * Attention of one new token: each query head looks at the keys of its group, at all or at those chosen for it, and takes
 * the values in proportion to softmax of the scores.
 *
 * @throws {RangeError} when a cache gives more than the window, as one would that was not made for the model.
 */
export function attend(
  { queryHeads, keyValueHeads, keyDimension, valueDimension, scale, window = Infinity }:
    CachedHeads,
  query: Float32Array,
  { count, keys, values, chosen, traffic }: CachedTokens,
  result: Float32Array,
  { observe, trace }: AttendOptions = {},
): void {
  const group = queryHeads / keyValueHeads;
  const width = keyValueHeads * keyDimension;
  const scores = new Float32Array(count);
  let pairs = 0;
  for (let head = 0; head < queryHeads; head++) {
    const own = head * keyDimension;
    const taken = head * valueDimension;
    const shared = Math.floor(head / group) * keyDimension;
    const list = chosen?.[head];
    const seen = list?.length ?? count;
    if (seen > window) {
      throw new RangeError(
        `Cannot attend as the cache must give at most the newest ${window} tokens: current number is ${seen}`,
      );
    }
    pairs += seen;
    let largest = -Infinity;
    for (let place = 0; place < seen; place++) {
      const key = (list ? list[place]! : place) * width + shared;
      let dot = 0;
      for (let i = 0; i < keyDimension; i++) dot += query[own + i]! * keys[key + i]!;
      scores[place] = dot * scale;
      if (scores[place]! > largest) largest = scores[place]!;
    }
    let sum = 0;
    for (let place = 0; place < seen; place++) {
      sum += scores[place] = Math.exp(scores[place]! - largest);
    }
    result.fill(0, taken, taken + valueDimension);
    for (let place = 0; place < seen; place++) {
      const share = scores[place] = scores[place]! / sum;
      const value = (list ? list[place]! : place) * width + shared;
      for (let i = 0; i < valueDimension; i++) result[taken + i]! += share * values[value + i]!;
    }
    observe?.(head, scores.subarray(0, seen));
  }
  trace?.("attention", {
    flops: 2 * (keyDimension + valueDimension) * pairs,
    weights: 0,
    // Read: keys and values of all that is seen; written before: those of the token itself.
    cache: traffic ?? 4 * (keys === values ? 1 : 2) * width * (count + 1),
    activations: query.byteLength + result.byteLength,
  });
}
