import {
  type CachedTokens,
  type CacheEntry,
  type KeyValueCache,
  type LanguageModel,
  type LayerWeights,
  requireHeads,
} from "../../lm/mod.ts";
import type { Bytes } from "../../units/mod.ts";
import type { RowStore } from "./row_store.ts";

/** What one layer of a cache does. */
export interface CacheLayer {
  readonly count: number;
  /** Keys, rotated, and values of all tokens, as they would be decoded. */
  readonly keys: Float32Array;
  readonly values: Float32Array;
  /** What the stored form takes now. */
  readonly bytes: Bytes;
  /** What has been written so far. */
  readonly written: Bytes;
  /** What a read moves beside the stored form. Default 0. */
  readonly beside?: Bytes;
  append(entry: CacheEntry): void;
}

/**
 * Makes the layers of a cache for a model.
 *
 * @throws {TypeError} when a layer makes keys and values of a latent.
 * @throws {RangeError} when a layer sees a window of tokens only: it would have to forget, too.
 */
export function cacheLayers(
  model: LanguageModel,
  make: (layer: LayerWeights, index: number) => CacheLayer,
): CacheLayer[] {
  return model.layers.map((layer, index) => {
    requireHeads(layer, "round a cache");
    if (layer.window !== undefined) {
      throw new RangeError(
        `Cannot round a cache as every layer must see all tokens: layer ${index} sees ${layer.window}`,
      );
    }
    return make(layer, index);
  });
}

/** A layer that stores keys and values, each in its own way. */
export function keysAndValues(keys: RowStore, values: RowStore): CacheLayer {
  return {
    get count() {
      return keys.count;
    },
    get keys() {
      return keys.rows;
    },
    get values() {
      return values.rows;
    },
    get bytes() {
      return keys.bytes + values.bytes;
    },
    get written() {
      return keys.written + values.written;
    },
    append(entry) {
      keys.append(entry.keys, entry.position);
      values.append(entry.values, entry.position);
    },
  };
}

/**
 * A cache whose layers each store what they get in their own way.
 *
 * It does what the interface of a cache asks and no more, so it can stand inside another cache that chooses what is read,
 * or what is appended at all. `traffic` says what a real one would move: the stored form once, and what was written since
 * the last read.
 */
export class LayeredCache implements KeyValueCache {
  readonly #layers: readonly CacheLayer[];
  readonly #written: number[];
  #length = 0;

  constructor(layers: readonly CacheLayer[]) {
    this.#layers = layers;
    this.#written = layers.map(({ written }) => written);
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): Bytes {
    return this.#layers.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  append(layer: number, entry: CacheEntry): void {
    this.#layers[layer]!.append(entry);
  }

  read(layer: number): CachedTokens {
    const { count, keys, values, bytes, written, beside = 0 } = this.#layers[layer]!;
    const traffic = bytes + beside + written - this.#written[layer]!;
    this.#written[layer] = written;
    return { count, keys, values, traffic };
  }

  advance(tokens: number): void {
    this.#length += tokens;
  }
}
