import { type Bytes, requireInteger } from "../../units/mod.ts";
import type { AttentionShape } from "./attention_inputs.ts";

/** Which piece of the score matrix is computed at once. */
export interface Tile {
  /** Queries. */
  readonly rows: number;
  /** Keys. */
  readonly columns: number;
}

/**
 * The order in which tiles are visited. FlashAttention (2022) holds keys and values and walks over the queries;
 * FlashAttention-2 (2023) holds queries and their results and walks over the keys.
 */
export type LoopOrder = "keys outer" | "queries outer";

type Widths = Pick<AttentionShape, "width" | "valueWidth">;

/**
 * How many values does the fast memory hold for one tile? Queries and their results, keys and values, the scores, and a
 * maximum and a sum for each query.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tileFootprint } from "@fewer-bytes/attention";
 *
 * assertEquals(tileFootprint({ rows: 1, columns: 1 }, { width: 64, valueWidth: 64 }), 4 * 64 + 3);
 * ```
 */
export function tileFootprint({ rows, columns }: Tile, { width, valueWidth }: Widths): number {
  return (rows + columns) * (width + valueWidth) + rows * columns + 2 * rows;
}

/**
 * Which tile is best for a fast memory of this size? The side that is held should be long: each visit of the other side
 * reads everything once more. So the other side is as short as the arithmetic allows, and the rest goes to the long one.
 *
 * @param fastBytes Size of the fast memory.
 * @param short The length of the short side; matrix units want 16 or more. Halved until something fits.
 * @throws {RangeError} when not even one query and one key fit: 4d + 3 values where all widths are d.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fitTile } from "@fewer-bytes/attention";
 *
 * const shape = { queries: 4096, keys: 4096, width: 64, valueWidth: 64 };
 * assertEquals(fitTile(100 * 1024, shape, "queries outer"), { rows: 161, columns: 16 });
 * ```
 */
export function fitTile(
  fastBytes: Bytes,
  shape: Pick<AttentionShape, "queries" | "keys" | "width" | "valueWidth">,
  order: LoopOrder = "queries outer",
  short = 16,
): Tile {
  requireInteger(short, 1, "fit a tile", "its short side");
  const room = Math.floor(fastBytes / 4);
  const both = shape.width + shape.valueWidth;
  const [outer, inner] = order === "queries outer"
    ? [shape.queries, shape.keys]
    : [shape.keys, shape.queries];
  for (let side = Math.min(short, inner); side >= 1; side = Math.floor(side / 2)) {
    const long = order === "queries outer"
      ? Math.floor((room - side * both) / (both + side + 2))
      : Math.floor((room - side * (both + 2)) / (both + side));
    const held = Math.min(long, outer);
    if (held >= Math.min(side, outer) || (side === 1 && held >= 1)) {
      return order === "queries outer"
        ? { rows: held, columns: side }
        : { rows: side, columns: held };
    }
  }
  throw new RangeError(
    `Cannot fit a tile as one query and one key need ${
      4 * tileFootprint({ rows: 1, columns: 1 }, shape)
    } B: the fast memory has ${fastBytes} B`,
  );
}
