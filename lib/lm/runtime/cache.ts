import { type Bytes, requireInteger } from "../../units/mod.ts";

/** What a token leaves behind in one layer. */
export interface CacheEntry {
  /** The position of the token in its sequence, counted from 0. */
  readonly position: number;
  /**
   * Keys of all key-value heads, rotated to the position, and their values. With latent attention both are one and the
   * same array, a latent with its rotary key, of which the first part is the value: a cache may keep it once.
   */
  readonly keys: Float32Array;
  readonly values: Float32Array;
  /** The normalized hidden state that both were computed from, for caches that keep it and compute them again. */
  readonly hidden: Float32Array;
}

/**
 * What attention reads of one layer: a number of tokens, in any order, each with the keys and values of all key-value
 * heads. For a layer with a window these must be the newest that the window holds.
 */
export interface CachedTokens {
  readonly count: number;
  readonly keys: Float32Array;
  readonly values: Float32Array;
  /**
   * For each query head, the tokens that it looks at, by their places in this list; a head with none gives zeros.
   * Absent when every head looks at all of them.
   */
  readonly chosen?: readonly Uint32Array[];
  /**
   * What moved for this read, and to write what the newest token left. Default: every key and value of the list once,
   * and those of the newest, in 32-bit floats; where both are the same array, that one.
   */
  readonly traffic?: Bytes;
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
  /**
   * Gives what a new token can see in a layer, itself included. It is called once after each append.
   *
   * @param query The token's rotated queries, head after head, for caches that choose by them what to read.
   */
  read(layer: number, query: Float32Array): CachedTokens;
  /**
   * Hears how a query head divided its attention among the tokens of the last read, or among those chosen for it, in
   * their order, for caches that judge by it what to keep. The array is used again: copy what is kept of it.
   */
  observe?(layer: number, head: number, shares: Float32Array): void;
  /** Called when all layers have seen a token. */
  advance(tokens: number): void;
  /**
   * Forgets all but the first so many tokens, as if the others had never been appended: for drafts that were refused.
   * Absent where what was kept cannot be taken back.
   *
   * @throws {RangeError} when the sequence does not have so many, or what they need is gone.
   */
  truncate?(length: number): void;
  /** Bytes that it takes now. */
  readonly bytes: number;
}

/** What a plain cache need not keep. */
export interface DenseCacheOptions {
  /** For each layer, how many of the newest tokens it keeps; undefined for all. Default: all, in every layer. */
  readonly windows?: readonly (number | undefined)[];
  /** Keys hold the values too, as with latents. Default false. */
  readonly shared?: boolean;
}

/** The plain cache: every key and value that can still be seen, in 32-bit floats, in one array for each layer. */
export class DenseCache implements KeyValueCache {
  readonly #keys: Float32Array[];
  readonly #values: Float32Array[];
  readonly #counts: number[];
  readonly #windows: readonly (number | undefined)[];
  #length = 0;

  /**
   * @param width Values of one token's keys in one layer: key-value heads times head dimension.
   */
  constructor(
    layers: number,
    readonly width: number,
    { windows = [], shared = false }: DenseCacheOptions = {},
  ) {
    const arrays = () => Array.from({ length: layers }, () => new Float32Array(64 * width));
    this.#keys = arrays();
    this.#values = shared ? this.#keys : arrays();
    this.#counts = new Array(layers).fill(0);
    this.#windows = windows;
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    const tokens = this.#counts.reduce((sum, _, layer) => sum + this.#kept(layer), 0);
    return (this.#values === this.#keys ? 1 : 2) * 4 * tokens * this.width;
  }

  append(layer: number, { keys, values }: CacheEntry): void {
    // Beyond a window, the newest takes the place of the oldest. Positions are in the keys, so the order does not matter.
    const place = this.#counts[layer]!++ % (this.#windows[layer] ?? Infinity);
    this.#keys[layer] = put(this.#keys[layer]!, place * this.width, keys);
    if (this.#values === this.#keys) return;
    this.#values[layer] = put(this.#values[layer]!, place * this.width, values);
  }

  read(layer: number): CachedTokens {
    return { count: this.#kept(layer), keys: this.#keys[layer]!, values: this.#values[layer]! };
  }

  advance(tokens: number): void {
    this.#length += tokens;
  }

  truncate(length: number): void {
    requireInteger(length, 0, "truncate a cache", "the length");
    if (length > this.#length) {
      throw new RangeError(
        `Cannot truncate a cache as the length must be <= ${this.#length}: current value is ${length}`,
      );
    }
    const full = this.#windows.findIndex((window) => this.#length > (window ?? Infinity));
    if (full >= 0 && length < this.#length) {
      throw new RangeError(
        `Cannot truncate a cache as no window must have forgotten tokens: layer ${full} keeps ${
          this.#windows[full]
        } of ${this.#length}`,
      );
    }
    this.#counts.fill(length);
    this.#length = length;
  }

  #kept(layer: number): number {
    return Math.min(this.#counts[layer]!, this.#windows[layer] ?? Infinity);
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
