import type { CachedTokens, CacheEntry, KeyValueCache } from "../../lm/mod.ts";
import { rotateHeads } from "../../lm/mod.ts";
import type { CacheMethod } from "../../transformer/mod.ts";
import { type Bytes, requireInteger, type Tokens } from "../../units/mod.ts";
import { type CachedModel, slotBytes, slotsOf, type TokenSlots } from "./token_slots.ts";

/** Which tokens a window keeps. */
export interface WindowOptions {
  /** The newest tokens, the one that asks included. */
  readonly window: Tokens;
  /** The first tokens of the sequence, which stay. Default 0. */
  readonly sinks?: Tokens;
  /**
   * Where a token stands for the rotary embedding: at its place in the cache, so that the sinks follow the window at a
   * fixed distance, or where it stood in the sequence. Default "cache".
   */
  readonly positions?: "cache" | "sequence";
}

/**
 * What if only the newest tokens are kept, and the first few?
 *
 * A window alone breaks the model: softmax must put its weight somewhere, models learn to put what they do not need on
 * the first tokens, and when those leave, it lands on words that mean something. Four "attention sinks" that stay repair
 * the fluency. They do not repair the memory: what left the window is gone. (Xiao et al. 2023, StreamingLLM.)
 *
 * As in the paper, distances are those inside the cache: the sinks move along behind the window, and the model never meets
 * a distance that it was not trained for. Distances within the window are the same either way.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { forward, loadModel, writeStory } from "@fewer-bytes/lm";
 * import { WindowCache } from "@fewer-bytes/cache";
 *
 * const model = await loadModel("target");
 * const cache = new WindowCache(model, { sinks: 4, window: 28 });
 * forward(model, [{ tokens: writeStory(1, 100).tokens, cache }]);
 * assertEquals(cache.bytes, 5 * 32 * 2 * 2 * 32 * 4); // layers, tokens, keys and values, heads, values in each, floats
 * ```
 */
export class WindowCache implements KeyValueCache {
  readonly #slots: TokenSlots[];
  readonly #seen: number[];
  readonly #sinks: number;
  readonly #window: number;
  /** The keys of the sinks as they came, where their places in the cache count; undefined where they do not. */
  readonly #originals: Float32Array[] | undefined;
  #length = 0;

  /** @throws {RangeError} when the window is smaller than 1, or there are fewer than no sinks. */
  constructor(readonly model: CachedModel, options: WindowOptions) {
    const { sinks = 0, window, positions = "cache" } = options;
    this.#sinks = requireInteger(sinks, 0, "keep a window", "sinks");
    this.#window = requireInteger(window, 1, "keep a window", "the window");
    this.#slots = slotsOf(model);
    this.#seen = model.layers.map(() => 0);
    const width = model.keyValueHeads * model.headDimension;
    this.#originals = positions === "cache" && sinks > 0
      ? model.layers.map(() => new Float32Array(sinks * width))
      : undefined;
  }

  get length(): Tokens {
    return this.#length;
  }

  get bytes(): Bytes {
    return slotBytes(this.#slots);
  }

  append(layer: number, entry: CacheEntry): void {
    const slots = this.#slots[layer]!;
    const place = this.#seen[layer]!++;
    const originals = this.#originals?.[layer];
    if (originals && place < this.#sinks) originals.set(entry.keys, place * entry.keys.length);
    if (slots.count < this.#sinks + this.#window) return slots.add(entry);
    const slot = this.#sinks + (place - this.#sinks) % this.#window;
    for (let head = 0; head < slots.heads; head++) slots.replace(head, slot, entry);
  }

  read(layer: number): CachedTokens {
    const { count, keys, values } = this.#slots[layer]!;
    const originals = this.#originals?.[layer];
    const gone = this.#seen[layer]! - count;
    if (originals && gone > 0) {
      // Turning the sinks forward by what is gone closes the gap: only differences of positions matter.
      const { keyValueHeads, headDimension, ropeTheta } = this.model;
      keys.set(originals);
      rotateHeads(keys, 0, this.#sinks * keyValueHeads, headDimension, gone, ropeTheta);
    }
    return { count, keys, values };
  }

  advance(tokens: Tokens): void {
    this.#length += tokens;
  }
}

/** A window with sinks, as the operator table sees it. */
export function windowMethod({ window, sinks = 0 }: WindowOptions): CacheMethod {
  requireInteger(sinks, 0, "keep a window", "sinks");
  requireInteger(window, 1, "keep a window", "the window");
  return { name: sinks ? "window + sinks" : "window", budget: sinks + window };
}
