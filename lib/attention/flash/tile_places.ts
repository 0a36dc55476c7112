import type { TilePlace } from "./absorb_tile.ts";
import { type AttentionShape, keysSeen } from "./attention_inputs.ts";
import type { LoopOrder, Tile } from "./tile.ts";

/** A tile in its turn: what must be brought before it, and what leaves after it. */
export interface ScheduledTile extends TilePlace {
  /** True when its keys and values are not those of the tile before. */
  readonly newKeys: boolean;
  /** True when its queries are not those of the tile before. */
  readonly newQueries: boolean;
  /** True when the tile after has other queries, so that these have to leave. */
  readonly leaves: boolean;
  /** True for the first tile of its queries. */
  readonly first: boolean;
  /** True for their last: the result is finished. */
  readonly last: boolean;
}

/** The turns of a tiled attention. */
export interface TileSchedule {
  readonly places: readonly ScheduledTile[];
  /** Tiles that causality hides wholly: neither read nor computed. */
  readonly skipped: readonly TilePlace[];
  /** Queries that see no key at all, as there are more queries than keys. */
  readonly unseen: readonly TilePlace[];
}

/**
 * In which order are the tiles of the score matrix visited, and which are left out?
 *
 * @param shape Queries, keys, and whether a token sees only what came before.
 * @example A causal 4 x 4 matrix in tiles of 2: three of four tiles are visited
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tilePlaces } from "@fewer-bytes/attention";
 *
 * const shape = { queries: 4, keys: 4, causal: true };
 * const { places, skipped } = tilePlaces(shape, { rows: 2, columns: 2 }, "queries outer");
 * assertEquals(places.map(({ row, column }) => [row, column]), [[0, 0], [2, 0], [2, 2]]);
 * assertEquals(skipped.map(({ row, column }) => [row, column]), [[0, 2]]);
 * ```
 */
export function tilePlaces(
  shape: Pick<AttentionShape, "queries" | "keys" | "causal">,
  { rows, columns }: Tile,
  order: LoopOrder,
): TileSchedule {
  const all: TilePlace[] = [];
  const add = (row: number, column: number) =>
    all.push({
      row,
      column,
      rows: Math.min(rows, shape.queries - row),
      columns: Math.min(columns, shape.keys - column),
    });
  if (order === "queries outer") {
    for (let row = 0; row < shape.queries; row += rows) {
      for (let column = 0; column < shape.keys; column += columns) add(row, column);
    }
  } else {
    for (let column = 0; column < shape.keys; column += columns) {
      for (let row = 0; row < shape.queries; row += rows) add(row, column);
    }
  }
  const keysOf = (at: TilePlace) => keysSeen(shape, at.row + at.rows - 1);
  const visited = all.filter((at) => at.column < keysOf(at));
  return {
    places: visited.map((at, i) => ({
      ...at,
      newKeys: visited[i - 1]?.column !== at.column,
      newQueries: visited[i - 1]?.row !== at.row,
      leaves: visited[i + 1]?.row !== at.row,
      first: at.column === 0,
      last: at.column + columns >= Math.min(keysOf(at), shape.keys),
    })),
    skipped: all.filter((at) => at.column >= keysOf(at)),
    unseen: all.filter((at) => at.column === 0 && keysOf(at) === 0),
  };
}
