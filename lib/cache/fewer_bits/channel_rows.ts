import { type Bytes, requireInteger, type Tokens } from "../../units/mod.ts";
import { affineOverhead, requireAffineBits } from "./affine_format.ts";
import { roundAffineGroup } from "./affine_group.ts";
import { GrowingRows, type Rounded, type RowStore, type WaitingFormat } from "./row_store.ts";

/** How rows are stored channel by channel. */
export interface ChannelRowsOptions {
  readonly bits: number;
  /** Tokens that share a scale, in each channel. */
  readonly groupSize: Tokens;
  /** Rows that may wait: a whole number of groups, or 0 for a single one. Default 0. */
  readonly window?: Tokens;
  /** Whether the window always holds the newest rows, and only groups that have left it are rounded. Default false. */
  readonly sliding?: boolean;
  readonly waiting?: WaitingFormat;
}

/**
 * Stores rows channel by channel: in each channel, some tokens in a row share a scale and a minimum.
 *
 * A scale needs all the tokens of its group, so rows have to wait, as they came, until the window is full of them. Then all
 * of them are rounded at once, and the window is empty: this is how KIVI treats keys. A group that is not full is never
 * rounded. A sliding window holds so many rows at all times, and up to a group more.
 *
 * @throws {RangeError} when bits are not from 1 to 8, or the window is no whole number of groups.
 */
export class ChannelRows implements RowStore {
  readonly #rows: GrowingRows;
  readonly #options: ChannelRowsOptions;
  /** Rows that are rounded together. */
  readonly #together: number;
  /** Rows that stay when others are rounded. */
  readonly #kept: number;
  #rounded = 0;
  readonly #storedRow: Bytes;

  constructor(readonly width: number, options: ChannelRowsOptions) {
    const { bits, groupSize, window = 0, sliding = false, waiting } = options;
    requireAffineBits(bits);
    requireInteger(groupSize, 1, "store channels", "the group size");
    requireInteger(window, 0, "store channels", "the window");
    if (window % groupSize) {
      throw new RangeError(
        `Cannot store channels as the window must be whole groups of ${groupSize}: current value is ${window}`,
      );
    }
    this.#rows = new GrowingRows(width, waiting);
    this.#options = options;
    this.#together = sliding ? groupSize : Math.max(window, groupSize);
    this.#kept = sliding ? window : 0;
    this.#storedRow = width * (bits + affineOverhead / groupSize) / 8;
  }

  get count(): number {
    return this.#rows.count;
  }

  get rows(): Float32Array {
    return this.#rows.data;
  }

  get bytes(): Bytes {
    const waiting = this.count - this.#rounded;
    return waiting * this.#rows.rowBytes + this.#rounded * this.#storedRow;
  }

  get written(): Bytes {
    return this.count * this.#rows.rowBytes + this.#rounded * this.#storedRow;
  }

  append(row: Float32Array): Rounded {
    this.#rows.push(row);
    const first = this.#rounded;
    if (this.count - first < this.#kept + this.#together) return [0, 0];
    const { bits, groupSize } = this.#options;
    this.#rounded += this.#together;
    for (let group = first; group < this.#rounded; group += groupSize) {
      for (let channel = 0; channel < this.width; channel++) {
        const start = group * this.width + channel;
        roundAffineGroup(this.#rows.data, start, this.width, groupSize, bits);
      }
    }
    return [first, this.#rounded];
  }
}
