import { type Bytes, requireAtLeast, requireInteger } from "../../units/mod.ts";

const valueBytes = Float32Array.BYTES_PER_ELEMENT;

/** An array in the large, slow memory, and the bytes of it that moved. */
export interface SlowArray {
  readonly name: string;
  readonly data: Float32Array;
  bytesRead: Bytes;
  bytesWritten: Bytes;
}

/**
 * A machine with two memories: a large slow one, where everything lies, and a small fast one, where everything is
 * computed. All that moves between them is counted, and what does not fit is refused.
 *
 * That is the model of computation in which FlashAttention is analyzed, and the traffic it counts is what the rest of
 * the course counts. Values are 32-bit floats; an algorithm computes on the tiles that it was given.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { TwoLevelMemory } from "@fewer-bytes/attention";
 *
 * const memory = new TwoLevelMemory(16); // room for four values
 * const array = memory.place("numbers", Float32Array.of(1, 2, 3, 4, 5, 6));
 * const tile = memory.tile("some of them", 3);
 * memory.read(array, 2, tile);
 * assertEquals([[...tile], memory.traffic], [[3, 4, 5], 12]);
 * assertThrows(() => memory.tile("more", 2), RangeError, "larger than what is left");
 * ```
 */
export class TwoLevelMemory {
  /** What lies in the slow memory. */
  readonly arrays: SlowArray[] = [];
  /** The most bytes of fast memory that were in use at once. */
  peak: Bytes = 0;
  #used: Bytes = 0;
  readonly #tiles = new Map<Float32Array, string>();

  /** @param fastBytes Size of the fast memory. */
  constructor(readonly fastBytes: Bytes) {
    requireAtLeast(fastBytes, 0, "make a memory of two levels", "its fast part");
  }

  /** Puts an array into the slow memory, which is as large as needed. Nothing moves. */
  place(name: string, data: Float32Array): SlowArray {
    const array = { name, data, bytesRead: 0, bytesWritten: 0 };
    this.arrays.push(array);
    return array;
  }

  /** Takes room in the fast memory, filled with zeros. Throws a RangeError when there is not enough. */
  tile(name: string, length: number): Float32Array<ArrayBuffer> {
    requireInteger(length, 1, `place the tile "${name}"`, "its length");
    const left = this.fastBytes - this.#used;
    if (length * valueBytes > left) {
      throw new RangeError(
        `Cannot place the tile "${name}" as it is larger than what is left of the fast memory: it needs ${
          length * valueBytes
        } B, left are ${left} B of ${this.fastBytes} B`,
      );
    }
    const tile = new Float32Array(length);
    this.#tiles.set(tile, name);
    this.#used += length * valueBytes;
    this.peak = Math.max(this.peak, this.#used);
    return tile;
  }

  /** Gives the room of tiles back. */
  release(...tiles: Float32Array[]): void {
    for (const tile of tiles) if (this.#tiles.delete(tile)) this.#used -= tile.byteLength;
  }

  /** Copies `count` values, `stride` apart from `start` on, to the beginning of a tile. */
  read(array: SlowArray, start: number, tile: Float32Array, count = tile.length, stride = 1): void {
    this.#check(array, start, tile, count, stride);
    // A view costs more than a few copies.
    if (stride === 1 && count > 16) tile.set(array.data.subarray(start, start + count));
    else for (let i = 0; i < count; i++) tile[i] = array.data[start + i * stride]!;
    array.bytesRead += count * valueBytes;
  }

  /** Copies `count` values of a tile, from `at` on, into the slow memory. */
  write(tile: Float32Array, array: SlowArray, start: number, count = tile.length, at = 0): void {
    this.#check(array, start, tile, at + count, 1, at);
    array.data.set(count === tile.length ? tile : tile.subarray(at, at + count), start);
    array.bytesWritten += count * valueBytes;
  }

  /** Bytes that went from slow to fast. */
  get bytesRead(): Bytes {
    return this.arrays.reduce((sum, array) => sum + array.bytesRead, 0);
  }

  /** Bytes that went from fast to slow. */
  get bytesWritten(): Bytes {
    return this.arrays.reduce((sum, array) => sum + array.bytesWritten, 0);
  }

  /** Bytes that moved, both ways together. */
  get traffic(): Bytes {
    return this.bytesRead + this.bytesWritten;
  }

  #check(
    array: SlowArray,
    start: number,
    tile: Float32Array,
    end: number,
    stride: number,
    at = 0,
  ): void {
    const last = start + (end - at - 1) * stride;
    if (!this.#tiles.has(tile)) {
      throw new TypeError("Cannot copy as the tile must be in the fast memory");
    }
    if (!(at >= 0 && end > at && end <= tile.length && start >= 0 && last < array.data.length)) {
      throw new RangeError(
        `Cannot copy ${
          end - at
        } values as they must lie in the tile of ${tile.length} and in "${array.name}" of ${array.data.length}: they are ${at} to ${
          end - 1
        } there and ${start} to ${last} here`,
      );
    }
  }
}
