import type { BlockFormat } from "../../quantization/mod.ts";
import { type Bytes, requireInteger, type Tokens } from "../../units/mod.ts";
import { GrowingRows, type Rounded, type RowStore, type WaitingFormat } from "./row_store.ts";

/** How rows are stored one by one. */
export interface TokenRowsOptions {
  /** What a row is rounded to when it is no longer among the recent ones. */
  readonly format: BlockFormat;
  /** The newest rows, which stay as they came. Default 0. */
  readonly window?: Tokens;
  readonly waiting?: WaitingFormat;
  /** What is known of a row already: only the difference to it is stored. Default: nothing. */
  readonly prediction?: (place: number) => Float32Array;
}

/**
 * Stores each row by itself: per token. A row is rounded when so many newer ones are there as the window holds; with
 * window 0, as soon as it comes.
 *
 * @throws {RangeError} when the window is no whole number, or the blocks of the format do not fill a row.
 */
export class TokenRows implements RowStore {
  readonly #rows: GrowingRows;
  readonly #options: TokenRowsOptions;
  readonly #window: number;
  readonly #storedRow: Bytes;

  constructor(width: number, options: TokenRowsOptions) {
    const { format, window = 0, waiting } = options;
    this.#rows = new GrowingRows(width, waiting);
    this.#options = options;
    this.#window = requireInteger(window, 0, "store rows", "the window");
    if (width % format.blockSize) {
      throw new RangeError(
        `Cannot store rows as blocks of ${format.blockSize} must fill a row: current width is ${width}`,
      );
    }
    this.#storedRow = width * format.bitsPerValue / 8;
  }

  get count(): number {
    return this.#rows.count;
  }

  get rows(): Float32Array {
    return this.#rows.data;
  }

  get bytes(): Bytes {
    const whole = Math.min(this.count, this.#window);
    return whole * this.#rows.rowBytes + (this.count - whole) * this.#storedRow;
  }

  get written(): Bytes {
    const came = this.#window > 0 ? this.count * this.#rows.rowBytes : 0;
    return came + Math.max(0, this.count - this.#window) * this.#storedRow;
  }

  append(row: Float32Array): Rounded {
    this.#rows.push(row);
    const oldest = this.count - 1 - this.#window;
    if (oldest < 0) return [0, 0];
    const { format, prediction } = this.#options;
    const place = this.#rows.row(oldest);
    const known = prediction?.(oldest);
    if (known) {
      const rounded = format.roundTrip(place.map((value, i) => value - known[i]!));
      for (let i = 0; i < place.length; i++) place[i] = known[i]! + rounded[i]!;
    } else place.set(format.roundTrip(place));
    return [oldest, oldest + 1];
  }
}
