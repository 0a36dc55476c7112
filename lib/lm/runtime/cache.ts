/** What a token leaves behind in one layer. */
export interface CacheEntry {
  /** The position of the token in its sequence, counted from 0. */
  readonly position: number;
  /** Keys of all key-value heads, rotated to the position, and their values. */
  readonly keys: Float32Array;
  readonly values: Float32Array;
  /** The normalized hidden state that both were computed from, for caches that keep it and compute them again. */
  readonly hidden: Float32Array;
}

/** What attention reads of one layer: a number of tokens, each with the keys and values of all key-value heads. */
export interface CachedTokens {
  readonly count: number;
  readonly keys: Float32Array;
  readonly values: Float32Array;
}

/**
 * The memory of one sequence. Attention appends what each new token leaves and reads what is there; whether that is all,
 * in full precision and in one piece is the cache's own affair.
 */
export interface KeyValueCache {
  /** Tokens that the sequence has: the position of the next one. */
  readonly length: number;
  /** Keeps a token's entry in a layer. */
  append(layer: number, entry: CacheEntry): void;
  /** Gives what a new token can see in a layer, itself included. */
  read(layer: number): CachedTokens;
  /** Called when all layers have seen a token. */
  advance(tokens: number): void;
  /** Bytes that it takes now. */
  readonly bytes: number;
}

/** The plain cache: every key and value, in 32-bit floats, in one growing array for each layer. */
export class DenseCache implements KeyValueCache {
  readonly #keys: Float32Array[];
  readonly #values: Float32Array[];
  readonly #counts: number[];
  #length = 0;

  /**
   * @param width Values of one token in one layer: key-value heads times head dimension.
   */
  constructor(layers: number, readonly width: number) {
    this.#keys = Array.from({ length: layers }, () => new Float32Array(64 * width));
    this.#values = Array.from({ length: layers }, () => new Float32Array(64 * width));
    this.#counts = new Array(layers).fill(0);
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#counts.reduce((sum, count) => sum + 2 * 4 * count * this.width, 0);
  }

  append(layer: number, { keys, values }: CacheEntry): void {
    const count = this.#counts[layer]!++;
    this.#keys[layer] = put(this.#keys[layer]!, count * this.width, keys);
    this.#values[layer] = put(this.#values[layer]!, count * this.width, values);
  }

  read(layer: number): CachedTokens {
    return { count: this.#counts[layer]!, keys: this.#keys[layer]!, values: this.#values[layer]! };
  }

  advance(tokens: number): void {
    this.#length += tokens;
  }
}

/** Writes numbers at a place, in a larger array where this one ends. */
function put(array: Float32Array, at: number, numbers: Float32Array): Float32Array {
  if (at + numbers.length > array.length) {
    const larger = new Float32Array(2 * array.length);
    larger.set(array);
    array = larger;
  }
  array.set(numbers, at);
  return array;
}
