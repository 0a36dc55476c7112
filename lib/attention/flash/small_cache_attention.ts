import { rescaleFactor } from "../softmax/softmax_part.ts";
import { type AttentionInputs, type AttentionOptions, attentionShape } from "./attention_inputs.ts";
import { blockedMultiply } from "./blocked_multiply.ts";
import { placeAll, scaleAndMask, type StoredScoresResult } from "./stored_scores.ts";
import { TwoLevelMemory } from "./two_level_memory.ts";

/**
 * What is better than FlashAttention where the fast memory holds fewer than d² values? To store the scores after all.
 *
 * A tile of queries and keys of full width d then leaves room for few of them, and every one is read again too often. Two
 * products of square tiles, b by b with b close to √M, read each input once for every b outputs, and are not hurt by d.
 * The N × N scores are written once: less than what the products move anyway, as d > √M. Maximum and sum of a row are
 * collected while its scores are computed, and the exponentials are taken when they are read back.
 *
 * Traffic 4 N² d / √M + N² values against FlashAttention's 4 N² d² / M.
 *
 * Source: the regime and its bound are those of Saha and Ye, "I/O Complexity of Attention, or How Optimal is
 * FlashAttention?" (2024); the arrangement of the softmax is ours.
 *
 * @throws {RangeError} when the fast memory has room for fewer than five values.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { flashAttention, smallCacheAttention, TwoLevelMemory } from "@fewer-bytes/attention";
 *
 * const [n, d] = [128, 64];
 * const inputs = { queries: Matrix.zeros(n, d), keys: Matrix.zeros(n, d), values: Matrix.zeros(n, d) };
 * const memory = () => new TwoLevelMemory(4 * d * d / 8); // an eighth of d²
 * const stored = smallCacheAttention(inputs, { memory: memory() }).memory.traffic;
 * assert(stored < flashAttention(inputs, { memory: memory() }).memory.traffic);
 * ```
 */
export function smallCacheAttention(
  inputs: AttentionInputs,
  options: AttentionOptions & { readonly memory?: TwoLevelMemory } = {},
): StoredScoresResult {
  const shape = attentionShape(inputs, options);
  const { memory = new TwoLevelMemory(100 * 1024) } = options;
  const { queries, keys, width, valueWidth } = shape;
  const side = Math.floor(Math.sqrt(memory.fastBytes / 4 + 4)) - 2; // b² + 4b values
  const { scores, output, left, keyColumns, valueRows, result } = placeAll(memory, inputs, shape);
  const slow = {
    maxima: memory.place("maxima", new Float32Array(queries)),
    sums: memory.place("sums", new Float32Array(queries)),
  };
  const high = Math.min(side, queries);
  const maxima = memory.tile("maxima", high);
  const sums = memory.tile("sums", high);
  blockedMultiply(memory, {
    left,
    right: keyColumns,
    product: scores,
    rows: queries,
    inner: width,
    columns: keys,
    size: { rows: high, columns: Math.min(side, keys) },
    onProduct: (tile, row, column, size) => {
      scaleAndMask(tile, row, column, size, shape);
      if (column === 0) {
        maxima.fill(-Infinity);
        sums.fill(0);
      }
      for (let r = 0; r < size.rows; r++) {
        const found = tile.subarray(r * size.columns, (r + 1) * size.columns);
        const larger = found.reduce((a, b) => Math.max(a, b), maxima[r]!);
        if (larger === -Infinity) continue;
        sums[r]! *= rescaleFactor(maxima[r]!, larger);
        for (const score of found) sums[r]! += Math.exp(score - larger);
        maxima[r] = larger;
      }
      if (column + size.columns === keys) {
        memory.write(maxima, slow.maxima, row, size.rows);
        memory.write(sums, slow.sums, row, size.rows);
      }
    },
  });
  blockedMultiply(memory, {
    left: { array: scores, rowStride: keys, columnStride: 1 },
    right: valueRows,
    product: output,
    rows: queries,
    inner: keys,
    columns: valueWidth,
    size: { rows: high, columns: Math.min(side, valueWidth) },
    onLeft: (piece, row, rows, inner) => {
      if (inner === 0) {
        memory.read(slow.maxima, row, maxima, rows);
        memory.read(slow.sums, row, sums, rows);
      }
      for (let r = 0; r < rows; r++) {
        piece[r] = sums[r] === 0 ? 0 : Math.exp(piece[r]! - maxima[r]!) / sums[r]!;
      }
    },
  });
  memory.release(maxima, sums);
  return { output: result, memory };
}
