import type { CachedTokens, CacheEntry, KeyValueCache } from "../../lm/mod.ts";
import type { Bytes } from "../../units/mod.ts";
import { type Chooser, type Heads, unionSizes } from "./chooser.ts";

/**
 * A cache that forgets nothing and reads little: any other cache keeps the tokens, and a chooser says which of them each head
 * attends to.
 *
 * Traffic is counted: what the choice reads, keys and values of the tokens attended to (once for all heads of a group that
 * want them), and what the newest token leaves. A token costs what it costs the inner cache on average, 32-bit floats by
 * default, so a quantized cache inside makes reads smaller yet.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { denseCache, loadModel, score, writeStory } from "@fewer-bytes/lm";
 * import { SelectiveCache, windowChooser } from "@fewer-bytes/attention";
 *
 * const model = await loadModel("target");
 * const everything = windowChooser(model, { window: 1000 });
 * const cache = () => new SelectiveCache(denseCache(model), model, everything);
 * const stories = [writeStory(1, 50)];
 * assertEquals(score(model, stories, { cache }).loss, score(model, stories).loss);
 * ```
 */
export class SelectiveCache implements KeyValueCache {
  #traffic = 0;
  #dense = 0;

  /**
   * @param inner Keeps all tokens; it must not evict, and its reads must not choose.
   * @param heads The model's.
   * @param chooser One for each sequence, as it remembers what it heard.
   */
  constructor(readonly inner: KeyValueCache, readonly heads: Heads, readonly chooser: Chooser) {}

  get length(): number {
    return this.inner.length;
  }

  /** Bytes that it takes now: the inner cache's, and the chooser's. */
  get bytes(): Bytes {
    return this.inner.bytes + this.chooser.bytes;
  }

  /** Bytes that all reads so far have moved. */
  get traffic(): Bytes {
    return this.#traffic;
  }

  /** Bytes that they would have moved had they read all. */
  get denseTraffic(): Bytes {
    return this.#dense;
  }

  append(layer: number, entry: CacheEntry): void {
    this.inner.append(layer, entry);
    this.chooser.append?.(layer, entry);
  }

  read(layer: number, query: Float32Array): CachedTokens {
    const tokens = this.inner.read(layer, query);
    if (tokens.chosen) {
      throw new TypeError("Cannot choose what to read as the inner cache must not choose itself");
    }
    const { keyValueHeads, headDimension } = this.heads;
    const arrays = tokens.keys === tokens.values ? 1 : 2;
    const all = tokens.traffic ??
      4 * arrays * keyValueHeads * headDimension * (tokens.count + 1);
    const perHead = all / (tokens.count + 1) / keyValueHeads;
    const { chosen, traffic } = this.chooser.choose(layer, query, tokens);
    const read = unionSizes(chosen, this.heads).reduce((sum, size) => sum + size, 0);
    const moved = (read + keyValueHeads) * perHead + traffic;
    this.#traffic += moved;
    this.#dense += all;
    return { ...tokens, chosen, traffic: moved };
  }

  advance(tokens: number): void {
    this.inner.advance(tokens);
  }
}
