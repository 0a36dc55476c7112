import { type Bytes, requireInteger } from "../../units/mod.ts";
import type { AttentionShape } from "./attention_inputs.ts";
import type { LoopOrder, Tile } from "./tile.ts";

/**
 * How many bytes does a tiled attention move, without running it? What the tiles say, in closed form; for attention where
 * every query sees every key.
 *
 * Queries outer: queries and results cross once, and every row of tiles reads all keys and values. Keys outer: keys and
 * values cross once, every column of tiles reads all queries, and between two columns the unfinished results, maxima and
 * sums are written and read. In both a log-sum-exp for each query is written at the end.
 *
 * @param bytesPerValue Default 4, as in {@linkcode TwoLevelMemory}.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { flashAttention, flashTraffic } from "@fewer-bytes/attention";
 *
 * const inputs = { queries: Matrix.zeros(64, 8), keys: Matrix.zeros(64, 8), values: Matrix.zeros(64, 8) };
 * const tile = { rows: 16, columns: 4 };
 * const shape = { queries: 64, keys: 64, width: 8, valueWidth: 8 };
 * assertEquals(flashTraffic(shape, tile), flashAttention(inputs, { tile }).memory.traffic);
 * ```
 */
export function flashTraffic(
  shape: Pick<AttentionShape, "queries" | "keys" | "width" | "valueWidth">,
  tile: Tile,
  order: LoopOrder = "queries outer",
  bytesPerValue = 4,
): Bytes {
  const { queries, keys, width, valueWidth } = shape;
  const high = Math.ceil(queries / requireInteger(tile.rows, 1, "count the traffic", "rows"));
  const wide = Math.ceil(keys / requireInteger(tile.columns, 1, "count the traffic", "columns"));
  const results = queries * (valueWidth + 1);
  if (order === "queries outer") {
    const passes = wide === 1 ? 1 : high; // keys that fit stay
    return bytesPerValue * (queries * width + passes * keys * (width + valueWidth) + results);
  }
  const passes = high === 1 ? 1 : wide; // and so do queries
  const unfinished = 2 * (passes - 1) * queries * (valueWidth + 2);
  return bytesPerValue *
    (keys * (width + valueWidth) + passes * queries * width + unfinished + results);
}
