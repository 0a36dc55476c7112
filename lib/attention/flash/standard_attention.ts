import { type AttentionInputs, type AttentionOptions, attentionShape } from "./attention_inputs.ts";
import { blockedMultiply } from "./blocked_multiply.ts";
import { placeAll, scaleAndMask, type StoredScoresResult } from "./stored_scores.ts";
import { type SlowArray, TwoLevelMemory } from "./two_level_memory.ts";

/**
 * What moves when attention is three separate kernels? The scores are written, read for the softmax, its weights are
 * written, and read for the product with the values: the N × N matrix crosses four times, whatever the fast memory.
 *
 * Both products are tiled as well as they can be; the softmax keeps a row in the fast memory, or takes one more pass where
 * a row does not fit. As in the library kernels, masked scores are computed, stored and moved like the others.
 *
 * Source: Dao et al., "FlashAttention" (2022), algorithm 0.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { flashAttention, standardAttention, TwoLevelMemory } from "@fewer-bytes/attention";
 *
 * const inputs = { queries: Matrix.zeros(256, 16), keys: Matrix.zeros(256, 16), values: Matrix.zeros(256, 16) };
 * const stored = standardAttention(inputs, { memory: new TwoLevelMemory(16384) }).memory.traffic;
 * const fused = flashAttention(inputs, { memory: new TwoLevelMemory(16384) }).memory.traffic;
 * assert(stored > 4 * 4 * 256 * 256 && fused < stored / 5);
 * ```
 */
export function standardAttention(
  inputs: AttentionInputs,
  options: AttentionOptions & { readonly memory?: TwoLevelMemory } = {},
): StoredScoresResult {
  const shape = attentionShape(inputs, options);
  const { memory = new TwoLevelMemory(100 * 1024) } = options;
  const { queries, keys, width, valueWidth } = shape;
  const { scores, output, left, keyColumns, valueRows, result } = placeAll(memory, inputs, shape);
  blockedMultiply(memory, {
    left,
    right: keyColumns,
    product: scores,
    rows: queries,
    inner: width,
    columns: keys,
    onProduct: (tile, row, column, size) => scaleAndMask(tile, row, column, size, shape),
  });
  const weights = memory.place("weights", new Float32Array(queries * keys));
  for (let row = 0; row < queries; row++) softmaxRow(memory, scores, weights, row * keys, keys);
  blockedMultiply(memory, {
    left: { array: weights, rowStride: keys, columnStride: 1 },
    right: valueRows,
    product: output,
    rows: queries,
    inner: keys,
    columns: valueWidth,
  });
  return { output: result, memory };
}

/** The softmax of one stored row into another; a row without visible keys becomes zeros. */
function softmaxRow(
  memory: TwoLevelMemory,
  from: SlowArray,
  to: SlowArray,
  start: number,
  length: number,
): void {
  const piece = memory.tile("scores", Math.min(length, Math.floor(memory.fastBytes / 4)));
  const visit = (use: (count: number, at: number) => void, read = true) => {
    for (let at = 0; at < length; at += piece.length) {
      const count = Math.min(piece.length, length - at);
      if (read) memory.read(from, start + at, piece, count);
      use(count, at);
    }
  };
  let maximum = -Infinity, sum = 0;
  visit((count) => {
    const larger = piece.subarray(0, count).reduce((a, b) => Math.max(a, b), maximum);
    if (larger === -Infinity) return;
    sum *= Math.exp(maximum - larger);
    for (let i = 0; i < count; i++) sum += Math.exp(piece[i]! - larger);
    maximum = larger;
  });
  visit((count, at) => {
    for (let i = 0; i < count; i++) piece[i] = sum && Math.exp(piece[i]! - maximum) / sum;
    memory.write(piece, to, start + at, count);
  }, piece.length < length);
  memory.release(piece);
}
