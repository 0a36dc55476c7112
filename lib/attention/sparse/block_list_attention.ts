import { Matrix } from "../../numeric/mod.ts";
import type { Bytes, Flop } from "../../units/mod.ts";
import {
  type AttentionInputs,
  type AttentionOptions,
  attentionShape,
} from "../flash/attention_inputs.ts";
import { type BlockList, listedPairs } from "./block_list.ts";

/**
 * What is attention over the listed blocks alone? Exactly softmax under the mask of the list, without forming the mask:
 * block by block with an online softmax, as FlashAttention walks through all of them. Blocks that are not listed are
 * neither read nor computed.
 *
 * A query that sees nothing gets zeros.
 *
 * @throws {TypeError} when the list was made for other sizes, and as {@linkcode attentionShape}.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { blockListAttention, blockListOf, windowPattern } from "@fewer-bytes/attention";
 *
 * const keys = Matrix.from([[1], [1], [1], [1]]);
 * const values = Matrix.from([[1], [3], [5], [9]]);
 * const grid = { queries: 4, keys: 4, blockSize: 2 };
 * const own = blockListOf(windowPattern({ before: 0 }), grid); // each pair sees itself
 * const output = blockListAttention({ queries: keys, keys, values }, own);
 * assertEquals([...output.data], [2, 2, 7, 7]);
 * ```
 */
export function blockListAttention(
  inputs: AttentionInputs<Float32Array | Float64Array>,
  list: BlockList,
  options: Pick<AttentionOptions, "scale"> = {},
): Matrix<Float32Array<ArrayBuffer>> {
  const { blockSize, causal, lists } = list;
  const shape = attentionShape(inputs, { ...options, causal });
  const { queries, keys, width, valueWidth, scale } = shape;
  if (queries !== list.queries || keys !== list.keys) {
    throw new TypeError(
      `Cannot attend as the blocks must be listed for ${queries} queries and ${keys} keys: current list is for ${list.queries} and ${list.keys}`,
    );
  }
  const [q, k, v] = [inputs.queries.data, inputs.keys.data, inputs.values.data];
  const output = new Float32Array(queries * valueWidth);
  const scores = new Float64Array(blockSize);
  const weighted = new Float64Array(valueWidth);
  for (let row = 0; row < queries; row++) {
    const seen = causal ? row + 1 + keys - queries : keys;
    let maximum = -Infinity, sum = 0;
    weighted.fill(0);
    for (const block of lists[Math.floor(row / blockSize)]!) {
      const from = block * blockSize;
      const count = Math.min(blockSize, seen - from);
      if (count <= 0) continue;
      let largest = maximum;
      for (let j = 0; j < count; j++) {
        let score = 0;
        const key = (from + j) * width;
        for (let x = 0; x < width; x++) score += q[row * width + x]! * k[key + x]!;
        scores[j] = score *= scale;
        if (score > largest) largest = score;
      }
      if (largest > maximum) {
        const shrink = Math.exp(maximum - largest);
        sum *= shrink;
        for (let x = 0; x < valueWidth; x++) weighted[x]! *= shrink;
        maximum = largest;
      }
      for (let j = 0; j < count; j++) {
        const weight = Math.exp(scores[j]! - maximum);
        const value = (from + j) * valueWidth;
        sum += weight;
        for (let x = 0; x < valueWidth; x++) weighted[x]! += weight * v[value + x]!;
      }
    }
    if (sum > 0) {
      for (let x = 0; x < valueWidth; x++) output[row * valueWidth + x] = weighted[x]! / sum;
    }
  }
  return new Matrix(queries, valueWidth, output);
}

/** The widths and number format that an attention's bytes are counted with. */
export interface AttentionWidths {
  readonly width: number;
  readonly valueWidth: number;
  /** Bytes of one number. Default 2, for sixteen bits. */
  readonly bytesPerValue?: number;
}

/** What a block list costs one head. */
export interface BlockListWork {
  readonly pairs: number;
  /** Two products for each pair: a score, and its share of a value. */
  readonly flops: Flop;
  /** Queries and results once; each listed block of keys and values once for each block of queries that lists it. */
  readonly bytes: Bytes;
  /** The mean number of keys that a query is compared with. */
  readonly keysPerQuery: number;
}

/**
 * What does attention over a block list compute and move? One block of queries stays on the chip while its blocks of keys
 * and values pass; nothing is kept from one row of blocks to the next.
 */
export function blockListWork(
  list: BlockList,
  { width, valueWidth, bytesPerValue = 2 }: AttentionWidths,
): BlockListWork {
  const { queries, keys, blockSize, lists } = list;
  const pairs = listedPairs(list);
  let keysRead = 0;
  for (const row of lists) {
    for (const block of row) keysRead += Math.min(blockSize, keys - block * blockSize);
  }
  return {
    pairs,
    flops: 2 * pairs * (width + valueWidth),
    bytes: (queries + keysRead) * (width + valueWidth) * bytesPerValue,
    keysPerQuery: pairs / queries,
  };
}
