import {
  type CachedTokens,
  type CacheEntry,
  DenseCache,
  type KeyValueCache,
  requireHeads,
} from "../../lm/mod.ts";
import type { Bytes, Tokens } from "../../units/mod.ts";
import { type BitPlanes, splitBits } from "./split_bits.ts";
import type { CachedModel } from "./token_slots.ts";

/** How keys are stored, and when all of their bits are fetched. */
export interface ProgressiveOptions extends BitPlanes {
  /** The low bits are fetched when the largest share of attention is below this, from 0 (never) to 1 (always). */
  readonly threshold: number;
}

/**
 * What if the low bits of keys are fetched only when the high ones leave it open where to look?
 *
 * Softmax with one clear winner hardly changes when scores are a little off; a flat one does. So the high bits of all keys
 * are read, attention is computed, and if its largest share is below a threshold the low bits follow and it is computed
 * again: arithmetic, of which there is plenty, in exchange for traffic. (Wang et al. 2020, SpAtten.)
 *
 * Keys are rounded head by head with a 16-bit scale each. Values stay as they are. Heads that share keys fetch the low
 * bits once when any of them is in doubt, but each decides for itself what it uses.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { forward, loadModel, writeStory } from "@fewer-bytes/lm";
 * import { ProgressiveCache } from "@fewer-bytes/cache";
 *
 * const model = await loadModel("target");
 * const cache = new ProgressiveCache(model, { high: 4, low: 4, threshold: 0.2 });
 * forward(model, [{ tokens: writeStory(1, 60).tokens, cache }]);
 * assert(cache.doubted > 0 && cache.doubted < 1); // some heads look in one place, others around
 * ```
 */
export class ProgressiveCache implements KeyValueCache {
  /** Each token twice: with its high bits in row 2t, with all in row 2t + 1. */
  readonly #rows: DenseCache;
  #even = new Uint32Array(0);
  #odd = new Uint32Array(0);
  readonly #options: ProgressiveOptions;
  #asked = 0;
  #doubted = 0;
  #length = 0;
  #tokens = 0;

  /** @throws {RangeError} for a threshold that is no share, or bits that are not 2 to 8 high ones and 1 to 8 low ones. */
  constructor(readonly model: CachedModel, options: ProgressiveOptions) {
    const { threshold } = options;
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new RangeError(
        `Cannot fetch bits in two steps as threshold must be from 0 to 1: current value is ${threshold}`,
      );
    }
    splitBits(new Float32Array(1), options); // refuses bits out of range
    for (const layer of model.layers) requireHeads(layer, "fetch bits in two steps");
    this.#options = options;
    this.#rows = new DenseCache(model.layers.length, model.keyValueHeads * model.headDimension);
  }

  get length(): Tokens {
    return this.#length;
  }

  /** The share of queries, head by head, for which the low bits were fetched. */
  get doubted(): number {
    return this.#asked && this.#doubted / this.#asked;
  }

  get bytes(): Bytes {
    const { keyValueHeads, headDimension } = this.model;
    const { high, low } = this.#options;
    return this.#tokens * keyValueHeads *
      (headDimension * (high + low) / 8 + 2 + 4 * headDimension);
  }

  append(layer: number, entry: CacheEntry): void {
    const { headDimension } = this.model;
    const rough = new Float32Array(entry.keys.length);
    const fine = new Float32Array(entry.keys.length);
    for (let start = 0; start < rough.length; start += headDimension) {
      const split = splitBits(entry.keys.subarray(start, start + headDimension), this.#options);
      rough.set(split.high, start);
      fine.set(split.all, start);
    }
    this.#rows.append(layer, { ...entry, keys: rough });
    this.#rows.append(layer, { ...entry, keys: fine });
    this.#tokens++;
  }

  read(layer: number, query: Float32Array): CachedTokens {
    const { queryHeads, keyValueHeads, headDimension } = this.model;
    const rows = this.#rows.read(layer);
    const count = rows.count / 2;
    this.#number(count);
    const fetched = new Set<number>();
    const chosen = Array.from({ length: queryHeads }, (_, head) => {
      const scores = this.#roughScores(head, query, rows.keys, count);
      this.#asked++;
      if (largestShare(scores) >= this.#options.threshold) return this.#even.subarray(0, count);
      this.#doubted++;
      fetched.add(Math.floor(head * keyValueHeads / queryHeads));
      return this.#odd.subarray(0, count);
    });
    const { high, low } = this.#options;
    const written = headDimension * (high + low) / 8 + 2 + 4 * headDimension;
    const first = headDimension * high / 8 + 2 + 4 * headDimension; // with the scale and the values
    const traffic = keyValueHeads * (count * first + written) +
      fetched.size * count * headDimension * low / 8;
    return { ...rows, chosen, traffic };
  }

  advance(tokens: Tokens): void {
    this.#length += tokens;
  }

  /** The scores of one head, by the high bits. */
  #roughScores(head: number, query: Float32Array, keys: Float32Array, count: number): Float64Array {
    const { queryHeads, keyValueHeads, headDimension } = this.model;
    const own = head * headDimension;
    const shared = Math.floor(head * keyValueHeads / queryHeads) * headDimension;
    const scores = new Float64Array(count);
    for (let token = 0; token < count; token++) {
      const key = 2 * token * keyValueHeads * headDimension + shared;
      let dot = 0;
      for (let i = 0; i < headDimension; i++) dot += query[own + i]! * keys[key + i]!;
      scores[token] = dot / Math.sqrt(headDimension);
    }
    return scores;
  }

  /** Makes lists of even and odd numbers that are long enough. */
  #number(count: number): void {
    if (count <= this.#even.length) return;
    this.#even = Uint32Array.from({ length: 2 * count }, (_, token) => 2 * token);
    this.#odd = this.#even.map((row) => row + 1);
  }
}

/** The largest share of attention that softmax makes of some scores. */
function largestShare(scores: Float64Array): number {
  const largest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  return 1 / scores.reduce((sum, score) => sum + Math.exp(score - largest), 0);
}
