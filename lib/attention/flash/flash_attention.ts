import { Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { absorbTile, type AttentionTiles, type TilePlace } from "./absorb_tile.ts";
import { type AttentionInputs, type AttentionOptions, attentionShape } from "./attention_inputs.ts";
import { fitTile, type LoopOrder, type Tile } from "./tile.ts";
import { tilePlaces } from "./tile_places.ts";
import { type SlowArray, TwoLevelMemory } from "./two_level_memory.ts";

/** How a tiled attention is run. */
export interface FlashOptions extends AttentionOptions {
  /** Where it runs; its traffic is counted there. Default: 100 KiB of fast memory, as its authors reckon. */
  readonly memory?: TwoLevelMemory;
  /** Default "queries outer", as in FlashAttention-2. */
  readonly order?: LoopOrder;
  /** Default: the best that fits. */
  readonly tile?: Tile;
  /** Called after each tile, with what is then in the fast memory. */
  readonly onTile?: (place: TilePlace, tiles: AttentionTiles) => void;
}

/** What a tiled attention leaves. */
export interface FlashResult {
  /** One row for each query. */
  readonly output: Matrix<Float32Array<ArrayBuffer>>;
  /** One number for each query, from which the backward pass recomputes all weights; -Infinity where nothing is seen. */
  readonly logSumExp: Float32Array<ArrayBuffer>;
  /** Where it ran. */
  readonly memory: TwoLevelMemory;
}

/**
 * How is attention computed without ever storing the N × N scores? Tile by tile in the fast memory, with an online softmax:
 * exact, not approximate.
 *
 * "queries outer" holds some queries with their results and lets all keys and values pass. "keys outer" holds keys and
 * values and lets queries and unfinished results pass, which are written and read back at every turn. Tiles that
 * causality hides wholly are not even read.
 *
 * Sources: Dao et al., "FlashAttention" (2022), algorithm 1; Dao, "FlashAttention-2" (2023), algorithm 1. Results stay
 * undivided until the end in both orders, as in the second.
 *
 * @throws {RangeError} when the tile is larger than the fast memory, and as {@linkcode attentionShape}.
 * @example
 * ```ts
 * import { assert, assertAlmostEquals } from "@std/assert";
 * import { Matrix, seeded } from "@fewer-bytes/numeric";
 * import { flashAttention, plainAttention, TwoLevelMemory } from "@fewer-bytes/attention";
 *
 * const random = seeded(1);
 * const normal = () => Matrix.zeros(100, 8).map(() => random.normal());
 * const inputs = { queries: normal(), keys: normal(), values: normal() };
 * const { output, memory } = flashAttention(inputs, { causal: true, memory: new TwoLevelMemory(4096) });
 * const expected = plainAttention(inputs, { causal: true });
 * output.data.forEach((value, i) => assertAlmostEquals(value, expected.data[i]!, 1e-5));
 * assert(memory.peak <= 4096);
 * ```
 */
export function flashAttention(inputs: AttentionInputs, options: FlashOptions = {}): FlashResult {
  const shape = attentionShape(inputs, options);
  const { memory = new TwoLevelMemory(100 * 1024), order = "queries outer", onTile } = options;
  const tile = options.tile ?? fitTile(memory.fastBytes, shape, order);
  const rows = Math.min(shape.queries, requireInteger(tile.rows, 1, "attend", "rows of a tile"));
  const columns = Math.min(shape.keys, requireInteger(tile.columns, 1, "attend", "its columns"));
  const { width, valueWidth } = shape;
  const output = Matrix.zeros(shape.queries, valueWidth);
  const logSumExp = new Float32Array(shape.queries);
  const place = (name: string, data: Float32Array): SlowArray => memory.place(name, data);
  const slow = {
    queries: place("queries", inputs.queries.data),
    keys: place("keys", inputs.keys.data),
    values: place("values", inputs.values.data),
    output: place("output", output.data),
    logSumExp: place("logSumExp", logSumExp),
    maxima: place("running maxima", new Float32Array(shape.queries)),
    sums: place("running sums", new Float32Array(shape.queries)),
  };
  const fast: AttentionTiles = {
    queries: memory.tile("queries", rows * width),
    keys: memory.tile("keys", columns * width),
    values: memory.tile("values", columns * valueWidth),
    scores: memory.tile("scores", rows * columns),
    outputs: memory.tile("outputs", rows * valueWidth),
    maxima: memory.tile("maxima", rows),
    sums: memory.tile("sums", rows),
  };
  const { places, unseen } = tilePlaces(shape, { rows, columns }, order);
  for (const at of places) {
    if (at.newKeys) {
      memory.read(slow.keys, at.column * width, fast.keys, at.columns * width);
      memory.read(slow.values, at.column * valueWidth, fast.values, at.columns * valueWidth);
    }
    if (at.newQueries) memory.read(slow.queries, at.row * width, fast.queries, at.rows * width);
    if (at.first) start();
    else if (at.newQueries) {
      memory.read(slow.output, at.row * valueWidth, fast.outputs, at.rows * valueWidth);
      memory.read(slow.maxima, at.row, fast.maxima, at.rows);
      memory.read(slow.sums, at.row, fast.sums, at.rows);
    }
    absorbTile(fast, at, shape);
    if (at.last) finish(at);
    else if (at.leaves) {
      memory.write(fast.outputs, slow.output, at.row * valueWidth, at.rows * valueWidth);
      memory.write(fast.maxima, slow.maxima, at.row, at.rows);
      memory.write(fast.sums, slow.sums, at.row, at.rows);
    }
    onTile?.(at, fast);
  }
  for (const at of unseen) {
    start();
    finish(at);
  }
  memory.release(...Object.values(fast));
  return { output, logSumExp, memory };

  function start(): void {
    fast.outputs.fill(0);
    fast.maxima.fill(-Infinity);
    fast.sums.fill(0);
  }

  function finish(at: { row: number; rows: number }): void {
    for (let r = 0; r < at.rows; r++) {
      const sum = fast.sums[r]!;
      for (let x = 0; x < valueWidth; x++) fast.outputs[r * valueWidth + x]! /= sum || 1;
      fast.sums[r] = fast.maxima[r]! + Math.log(sum); // the last use of the sum: its place is free
    }
    memory.write(fast.outputs, slow.output, at.row * valueWidth, at.rows * valueWidth);
    memory.write(fast.sums, slow.logSumExp, at.row, at.rows);
  }
}
