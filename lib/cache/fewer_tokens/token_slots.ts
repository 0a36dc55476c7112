import { type CacheEntry, type LanguageModel, requireHeads } from "../../lm/mod.ts";

/** What a cache needs to know of the model that it serves. */
export type CachedModel = Pick<
  LanguageModel,
  "layers" | "queryHeads" | "keyValueHeads" | "headDimension" | "ropeTheta"
>;

/**
 * The tokens of one layer, in slots: slot s of every key-value head is row s of `keys` and `values`.
 *
 * Heads keep equally many tokens, but not the same ones: one row may hold token 7 for the first head and token 90 for the
 * second. Attention does not mind, since it sums over all of a head's slots in whatever order they lie.
 */
export class TokenSlots {
  /** Slots in use: the same number for every head. */
  count = 0;
  keys = new Float32Array(0);
  values = new Float32Array(0);
  /** For each key-value head, the position of the token in each slot. */
  readonly positions: Int32Array<ArrayBuffer>[];
  readonly #width: number;

  constructor(readonly heads: number, readonly headDimension: number) {
    this.#width = heads * headDimension;
    this.positions = Array.from({ length: heads }, () => new Int32Array(0));
  }

  /** Adds a token for all heads, in a slot of its own. */
  add(entry: CacheEntry): void {
    const slot = this.count++;
    if (this.count * this.#width > this.keys.length) this.#grow();
    for (let head = 0; head < this.heads; head++) this.replace(head, slot, entry);
  }

  /** Puts a token in the place of another, for one head. */
  replace(head: number, slot: number, { keys, values, position }: CacheEntry): void {
    const from = head * this.headDimension;
    const to = slot * this.#width + from;
    this.keys.set(keys.subarray(from, from + this.headDimension), to);
    this.values.set(values.subarray(from, from + this.headDimension), to);
    this.positions[head]![slot] = position;
  }

  /**
   * Averages a token of one head into another one of that head, which keeps its position.
   *
   * @param share The part of the average that comes from the first.
   */
  merge(head: number, from: number, into: number, share: number): void {
    const source = from * this.#width + head * this.headDimension;
    const target = into * this.#width + head * this.headDimension;
    for (const array of [this.keys, this.values]) {
      for (let i = 0; i < this.headDimension; i++) {
        array[target + i]! += share * (array[source + i]! - array[target + i]!);
      }
    }
  }

  /** Keeps some slots of each head, equally many, and moves them to the front in the order in which they are given. */
  keep(slots: readonly ArrayLike<number>[]): void {
    const count = slots[0]!.length;
    for (const array of [this.keys, this.values]) {
      const before = array.slice(0, this.count * this.#width);
      for (let head = 0; head < this.heads; head++) {
        const start = head * this.headDimension;
        for (let slot = 0; slot < count; slot++) {
          const from = slots[head]![slot]! * this.#width + start;
          array.set(
            before.subarray(from, from + this.headDimension),
            slot * this.#width + start,
          );
        }
      }
    }
    for (let head = 0; head < this.heads; head++) {
      const before = this.positions[head]!.slice(0, this.count);
      this.positions[head]!.set(Int32Array.from(slots[head]!, (slot) => before[slot]!));
    }
    this.count = count;
  }

  #grow(): void {
    const room = Math.max(64, 2 * this.count);
    const larger = (array: Float32Array) => {
      const result = new Float32Array(room * this.#width);
      result.set(array);
      return result;
    };
    this.keys = larger(this.keys);
    this.values = larger(this.values);
    this.positions.forEach((before, head) => {
      this.positions[head] = new Int32Array(room);
      this.positions[head]!.set(before);
    });
  }
}

/**
 * Slots for each layer of a model.
 *
 * @throws {TypeError} for latent attention, whose one array for keys and values they would keep twice.
 */
export function slotsOf({ layers, keyValueHeads, headDimension }: CachedModel): TokenSlots[] {
  return layers.map((layer) => {
    requireHeads(layer, "keep tokens in slots");
    return new TokenSlots(keyValueHeads, headDimension);
  });
}

/** Bytes of keys and values in these slots, in 32-bit floats. */
export function slotBytes(slots: readonly TokenSlots[]): number {
  return slots.reduce(
    (sum, { count, heads, headDimension }) => sum + 2 * 4 * count * heads * headDimension,
    0,
  );
}
