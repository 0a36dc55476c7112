import type { Floats } from "../../numeric/mod.ts";

/**
 * An array that counts how often it is read and written: an algorithm's memory accesses are then measured, not claimed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CountedArray } from "@fewer-bytes/attention";
 *
 * const array = new CountedArray(Float64Array.of(1, 2));
 * array.store(0, array.load(1));
 * assertEquals([array.loads, array.stores, array.data[0]], [1, 1, 2]);
 * ```
 */
export class CountedArray {
  /** Values read so far. */
  loads = 0;
  /** Values written so far. */
  stores = 0;

  /** @param data Wrapped, not copied. Reading it directly is not counted. */
  constructor(readonly data: Floats) {}

  /** How many values it has. */
  get length(): number {
    return this.data.length;
  }

  /** Reads one value. */
  load(index: number): number {
    this.loads++;
    const value = this.data[index];
    if (value === undefined) throw this.#outside(index);
    return value;
  }

  /** Writes one value. */
  store(index: number, value: number): void {
    this.stores++;
    if (!(index >= 0 && index < this.data.length)) throw this.#outside(index);
    this.data[index] = value;
  }

  #outside(index: number): RangeError {
    return new RangeError(
      `Cannot access an array as the index must be from 0 to ${
        this.length - 1
      }: current value is ${index}`,
    );
  }
}
