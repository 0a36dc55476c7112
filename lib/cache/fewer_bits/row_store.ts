import type { Bytes } from "../../units/mod.ts";

/** The rows that were rounded by an append: from the first to before the second place. */
export type Rounded = readonly [from: number, to: number];

/**
 * How one kind of row, the keys of a layer or its values or its inputs, lies in memory while tokens come in.
 *
 * Attention reads `rows`, where each row stands as it would be decoded. It is decoded once, when it is rounded, so that a
 * step costs no more than with a plain cache; `bytes` counts what the stored form takes, not this copy.
 */
export interface RowStore {
  readonly count: number;
  /** All rows, one after the other; there may be room behind the last one. */
  readonly rows: Float32Array;
  /** What the stored form takes now, scales and zero points included. */
  readonly bytes: Bytes;
  /** What has been written so far: a row as it came, and again when it was rounded. */
  readonly written: Bytes;
  /** Adds the row of the next token. */
  append(row: Float32Array, position: number): Rounded;
}

/** Formats that a row may wait in before it is rounded. */
export type WaitingFormat = "fp32" | "fp16";

/** Rows of one width in an array that doubles when it is full. */
export class GrowingRows {
  #data: Float32Array;
  #count = 0;

  constructor(readonly width: number, readonly format: WaitingFormat = "fp32") {
    this.#data = new Float32Array(64 * width);
  }

  get count(): number {
    return this.#count;
  }

  get data(): Float32Array {
    return this.#data;
  }

  /** Bytes of one row as it came. */
  get rowBytes(): Bytes {
    return (this.format === "fp16" ? 2 : 4) * this.width;
  }

  /** Adds a row, rounded to 16 bits where it waits in those. */
  push(row: Float32Array): void {
    if (row.length !== this.width) {
      throw new TypeError(
        `Cannot cache a row as it must have ${this.width} values: current length is ${row.length}`,
      );
    }
    const at = this.#count++ * this.width;
    if (at + this.width > this.#data.length) {
      const larger = new Float32Array(2 * this.#data.length);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data.set(this.format === "fp16" ? row.map(Math.f16round) : row, at);
  }

  /** One row, or some of them, as a view. */
  row(from: number, to = from + 1): Float32Array {
    return this.#data.subarray(from * this.width, to * this.width);
  }
}
