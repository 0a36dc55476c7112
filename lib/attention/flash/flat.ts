import { Matrix } from "../../numeric/mod.ts";
import {
  type AttentionInputs,
  type AttentionOptions,
  attentionShape,
  keysSeen,
} from "./attention_inputs.ts";
import { flatRows } from "./flat_tile.ts";
import type { StoredScoresResult } from "./stored_scores.ts";
import type { Tile } from "./tile.ts";
import { accumulateTile, multiplyTile } from "./tile_kernel.ts";
import { TwoLevelMemory } from "./two_level_memory.ts";

/**
 * How is attention fused without an online softmax? Some whole rows of scores are kept in the fast memory: all keys pass, the
 * softmax is taken in place, all values pass. The scores never leave the chip, but the chip must grow with the context.
 *
 * Source: Kao et al., "FLAT: An Optimized Dataflow for Mitigating Attention Bottlenecks" (2021; ASPLOS 2023), at the
 * granularity of rows.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { flashAttention, flatAttention, TwoLevelMemory } from "@fewer-bytes/attention";
 *
 * const zeros = () => Matrix.zeros(512, 16);
 * const inputs = { queries: zeros(), keys: zeros(), values: zeros() };
 * const flat = flatAttention(inputs, { memory: new TwoLevelMemory(16384) }).memory;
 * const flash = flashAttention(inputs, { memory: new TwoLevelMemory(16384) }).memory;
 * assert(flat.traffic > 4 * flash.traffic);
 * ```
 */
export function flatAttention(
  inputs: AttentionInputs,
  options: AttentionOptions & { readonly memory?: TwoLevelMemory; readonly tile?: Tile } = {},
): StoredScoresResult {
  const shape = attentionShape(inputs, options);
  const { memory = new TwoLevelMemory(100 * 1024) } = options;
  const { queries, keys, width, valueWidth, scale } = shape;
  const columns = Math.min(keys, options.tile?.columns ?? 16);
  const held = options.tile?.rows ?? flatRows(memory.fastBytes, shape, columns);
  const output = Matrix.zeros(queries, valueWidth);
  const slow = {
    queries: memory.place("queries", inputs.queries.data),
    keys: memory.place("keys", inputs.keys.data),
    values: memory.place("values", inputs.values.data),
    output: memory.place("output", output.data),
  };
  const fast = {
    queries: memory.tile("queries", held * width),
    passing: memory.tile("keys, then values", columns * Math.max(width, valueWidth)),
    scores: memory.tile("rows of scores", held * keys),
    outputs: memory.tile("outputs", held * valueWidth),
  };
  // Piece after piece of the scores, each row by row, so that a piece is what the kernels expect.
  const piece = (column: number, size: Tile) =>
    fast.scores.subarray(column * size.rows, column * size.rows + size.rows * size.columns);
  for (let row = 0; row < queries; row += held) {
    const rows = Math.min(held, queries - row);
    memory.read(slow.queries, row * width, fast.queries, rows * width);
    fast.outputs.fill(0);
    for (let column = 0; column < keys; column += columns) {
      const size = { rows, columns: Math.min(columns, keys - column) };
      memory.read(slow.keys, column * width, fast.passing, size.columns * width);
      multiplyTile(fast.queries, fast.passing, size, width, scale, piece(column, size));
    }
    for (let r = 0; r < rows; r++) softmaxInPieces(r, rows, keysSeen(shape, row + r));
    for (let column = 0; column < keys; column += columns) {
      const size = { rows, columns: Math.min(columns, keys - column) };
      memory.read(slow.values, column * valueWidth, fast.passing, size.columns * valueWidth);
      accumulateTile(piece(column, size), fast.passing, size, valueWidth, fast.outputs);
    }
    memory.write(fast.outputs, slow.output, row * valueWidth, rows * valueWidth);
  }
  memory.release(...Object.values(fast));
  return { output, memory };

  function softmaxInPieces(r: number, rows: number, seen: number): void {
    const at = (key: number) => {
      const column = key - key % columns;
      return column * rows + r * Math.min(columns, keys - column) + key % columns;
    };
    let maximum = -Infinity, sum = 0;
    for (let j = 0; j < seen; j++) maximum = Math.max(maximum, fast.scores[at(j)]!);
    for (let j = 0; j < seen; j++) {
      sum += fast.scores[at(j)] = Math.exp(fast.scores[at(j)]! - maximum);
    }
    for (let j = 0; j < keys; j++) fast.scores[at(j)] = j < seen ? fast.scores[at(j)]! / sum : 0;
  }
}
