import { rescaleFactor } from "../softmax/softmax_part.ts";
import { type AttentionShape, keysSeen } from "./attention_inputs.ts";
import type { Tile } from "./tile.ts";
import { accumulateTile, multiplyTile } from "./tile_kernel.ts";

/** What a kernel holds in the fast memory. All row by row. */
export interface AttentionTiles {
  readonly queries: Float32Array;
  readonly keys: Float32Array;
  readonly values: Float32Array;
  readonly scores: Float32Array;
  /** Weighted sums of values, not yet divided. */
  readonly outputs: Float32Array;
  readonly maxima: Float32Array;
  readonly sums: Float32Array;
}

/** Where a tile begins, and how large it is; at the edges it is smaller than elsewhere. */
export interface TilePlace extends Tile {
  readonly row: number;
  readonly column: number;
}

/**
 * One step of FlashAttention, wholly in the fast memory: the scores of a tile are computed, their exponentials are added
 * to the running sums, and the running outputs get the values. Scores above the diagonal count as masked.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { absorbTile } from "@fewer-bytes/attention";
 *
 * const one = (value: number) => Float32Array.of(value);
 * const tiles = { queries: one(2), keys: one(3), values: one(5), scores: one(0), outputs: one(0) };
 * const running = { maxima: one(-Infinity), sums: one(0) };
 * const shape = { queries: 1, keys: 1, width: 1, valueWidth: 1, causal: false, scale: 1 };
 * absorbTile({ ...tiles, ...running }, { row: 0, rows: 1, column: 0, columns: 1 }, shape);
 * assertEquals([running.maxima[0], running.sums[0], tiles.outputs[0]], [6, 1, 5]);
 * ```
 */
export function absorbTile(tiles: AttentionTiles, place: TilePlace, shape: AttentionShape): void {
  const { scores, outputs, maxima, sums } = tiles;
  const { rows, columns, row, column } = place;
  const { valueWidth } = shape;
  multiplyTile(tiles.queries, tiles.keys, place, shape.width, shape.scale, scores);
  for (let r = 0; r < rows; r++) {
    const first = r * columns;
    const end = Math.min(columns, Math.max(0, keysSeen(shape, row + r) - column));
    let maximum = maxima[r]!;
    for (let c = 0; c < end; c++) {
      const score = scores[first + c]!;
      if (score > maximum) maximum = score;
    }
    const shrink = rescaleFactor(maxima[r]!, maximum);
    let sum = sums[r]! * shrink;
    for (let c = 0; c < end; c++) {
      const weight = Math.exp(scores[first + c]! - maximum);
      scores[first + c] = weight;
      sum += weight;
    }
    scores.fill(0, first + end, first + columns);
    maxima[r] = maximum;
    sums[r] = sum;
    if (shrink !== 1) {
      for (let x = 0; x < valueWidth; x++) outputs[r * valueWidth + x]! *= shrink;
    }
  }
  accumulateTile(scores, tiles.values, place, valueWidth, outputs);
}
