import { type Bytes, requireInteger } from "../../units/mod.ts";
import type { AttentionShape } from "./attention_inputs.ts";
import type { Tile } from "./tile.ts";

/**
 * How many values does the fast memory hold when whole rows of scores stay in it? They grow with the context.
 *
 * @param tile Rows held, and keys or values that pass at once.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { flatFootprint } from "@fewer-bytes/attention";
 *
 * const shape = { keys: 4096, width: 64, valueWidth: 64 };
 * assertEquals(flatFootprint({ rows: 8, columns: 1 }, shape), 8 * (4096 + 128) + 64);
 * ```
 */
export function flatFootprint(
  { rows, columns }: Tile,
  { keys, width, valueWidth }: Pick<AttentionShape, "keys" | "width" | "valueWidth">,
): number {
  return rows * (keys + width + valueWidth) + columns * Math.max(width, valueWidth);
}

/**
 * How many queries can be held at once? The more, the less often keys and values are read.
 *
 * @param columns Keys that pass at once.
 * @throws {RangeError} when not even one row fits: that is the end of FLAT, and the context decides where it comes.
 * @example Twice the context, half the rows; FlashAttention's tile stays the same
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { flatRows } from "@fewer-bytes/attention";
 *
 * const rows = (keys: number) => flatRows(102400, { queries: keys, keys, width: 64, valueWidth: 64 });
 * assertEquals([2048, 4096, 8192].map(rows), [11, 5, 2]);
 * ```
 */
export function flatRows(
  fastBytes: Bytes,
  shape: Pick<AttentionShape, "queries" | "keys" | "width" | "valueWidth">,
  columns = 16,
): number {
  requireInteger(columns, 1, "fit rows of scores", "the number of keys that pass at once");
  const { keys, width, valueWidth } = shape;
  const room = Math.floor(fastBytes / 4) - columns * Math.max(width, valueWidth);
  const rows = Math.floor(room / (keys + width + valueWidth));
  if (rows < 1) {
    throw new RangeError(
      `Cannot hold a row of scores as it needs ${
        4 * flatFootprint({ rows: 1, columns }, shape)
      } B: the fast memory has ${fastBytes} B`,
    );
  }
  return Math.min(rows, shape.queries);
}
