import type { CachedTokens, CacheEntry, LanguageModel } from "../../lm/mod.ts";
import type { Bytes } from "../../units/mod.ts";

/** The heads of a model that runs. */
export type Heads = Pick<LanguageModel, "queryHeads" | "keyValueHeads" | "headDimension">;

/** What a chooser chose. */
export interface Choosing {
  /** For each query head, the tokens that it attends to: their places in ascending order. */
  readonly chosen: readonly Uint32Array[];
  /** What was read to choose, and written to be chosen by, other than the keys and values attended to. */
  readonly traffic: Bytes;
}

/** Decides for each new token which cached ones its heads attend to. */
export interface Chooser {
  /** Hears of each token, once for each layer and in order, before it is asked about it. */
  append?(layer: number, entry: CacheEntry): void;
  /**
   * Chooses among the tokens of a layer, the newest last.
   *
   * @param query The newest token's queries, head after head.
   */
  choose(layer: number, query: Float32Array, tokens: CachedTokens): Choosing;
  /** Bytes that it keeps to choose by. */
  readonly bytes: Bytes;
}

/**
 * How many different tokens do the heads of each group read together?
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { unionSizes } from "@fewer-bytes/attention";
 *
 * const heads = { queryHeads: 2, keyValueHeads: 1, headDimension: 8 };
 * assertEquals(unionSizes([Uint32Array.of(0, 1), Uint32Array.of(1, 2)], heads), [3]);
 * ```
 */
export function unionSizes(
  chosen: readonly Uint32Array[],
  { queryHeads, keyValueHeads }: Heads,
): number[] {
  const group = queryHeads / keyValueHeads;
  return Array.from({ length: keyValueHeads }, (_, shared) => {
    const lists = chosen.slice(shared * group, (shared + 1) * group);
    if (lists.every((list) => list === lists[0])) return lists[0]!.length;
    const union = new Set<number>();
    for (const list of lists) for (const place of list) union.add(place);
    return union.size;
  });
}

/** Refuses an inner cache that has dropped tokens: places would no longer be those of the summaries. */
export function requireAllTokens(count: number, heard: number | undefined): void {
  if (count !== heard) {
    throw new RangeError(
      `Cannot choose tokens as the inner cache must keep all ${
        heard ?? 0
      } tokens: current number is ${count}`,
    );
  }
}
