import { type CacheEntry, multiplyRows, type Weight } from "../../lm/mod.ts";
import type { Bytes } from "../../units/mod.ts";
import type { CacheLayer } from "./layered_cache.ts";
import { GrowingRows, type RowStore } from "./row_store.ts";
import { type KeyShape, turnKeys } from "./unrotated_keys.ts";

/** One kind of row that is made again: what is kept for it, and the matrix that makes it. */
export interface Source {
  readonly store: RowStore;
  /** What is kept of an entry. */
  readonly keep: (entry: CacheEntry) => Float32Array;
  readonly weight: Weight;
}

/** How a layer makes keys and values again. */
export interface RebuiltLayerOptions {
  readonly keys: Source;
  /** Its store may be that of the keys: then a row is kept once. */
  readonly values: Source;
  readonly shape: KeyShape;
  /** What a read moves beside what is stored. Default 0. */
  readonly beside?: () => Bytes;
}

/**
 * A layer that keeps what keys and values are made from. A real cache makes them at each read; here they are made once,
 * when a row is rounded, as nothing changes them afterwards.
 */
export class RebuiltLayer implements CacheLayer {
  readonly #options: RebuiltLayerOptions;
  readonly #keys: GrowingRows;
  readonly #values: GrowingRows;
  readonly #positions: number[] = [];
  readonly #stores: readonly RowStore[];

  constructor(options: RebuiltLayerOptions) {
    const { keys, values } = options;
    this.#options = options;
    this.#keys = new GrowingRows(keys.weight.outputs);
    this.#values = new GrowingRows(values.weight.outputs);
    this.#stores = keys.store === values.store ? [keys.store] : [keys.store, values.store];
  }

  get count(): number {
    return this.#keys.count;
  }

  get keys(): Float32Array {
    return this.#keys.data;
  }

  get values(): Float32Array {
    return this.#values.data;
  }

  get bytes(): Bytes {
    return this.#stores.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get written(): Bytes {
    return this.#stores.reduce((sum, { written }) => sum + written, 0);
  }

  get beside(): Bytes {
    return this.#options.beside?.() ?? 0;
  }

  append(entry: CacheEntry): void {
    const { keys, values, shape } = this.#options;
    this.#positions.push(entry.position);
    this.#keys.push(entry.keys);
    this.#values.push(entry.values);
    const rounded = keys.store.append(keys.keep(entry), entry.position);
    const other = values.store === keys.store
      ? rounded
      : values.store.append(values.keep(entry), entry.position);
    remake(keys, this.#keys, rounded);
    remake(values, this.#values, other);
    for (let place = rounded[0]; place < rounded[1]; place++) {
      turnKeys(this.#keys.row(place), shape, this.#positions[place]!);
    }
  }
}

/** Makes rows again from what is kept of them now. */
function remake({ store, weight }: Source, rows: GrowingRows, [from, to]: readonly number[]) {
  if (to! <= from!) return;
  const kept = store.rows.subarray(from! * weight.inputs, to! * weight.inputs);
  multiplyRows(kept, to! - from!, weight, rows.row(from!, to!));
}
