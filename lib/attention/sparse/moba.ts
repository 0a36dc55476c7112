import type { Floats, Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { type AttentionInputs, attentionShape } from "../flash/attention_inputs.ts";
import { attendChosen, tokensOfBlocks } from "./attend_chosen.ts";
import { topIndices } from "./top_indices.ts";
import { blockMeans } from "./x_attention.ts";

/** The two numbers of MoBA. */
export interface MobaOptions {
  /** Tokens of a block. */
  readonly blockSize: number;
  /** Blocks that a query attends to, its own included. */
  readonly topK: number;
}

/**
 * Which blocks does each query attend to? Its own, and the earlier ones whose mean key it scores highest: a router without
 * a single parameter. It is a choice, not a weight, so no gradient passes it: keys learn to be found only because the
 * attention inside the chosen blocks trains them.
 *
 * Causality is strict: a block is eligible only when it lies wholly before the query's own. With fewer eligible blocks than
 * wanted, all are taken.
 *
 * Source: Lu et al., "MoBA: Mixture of Block Attention for Long-Context LLMs" (2025), equations 3 to 6.
 *
 * @returns For each query, its blocks in ascending order. Queries are the last tokens when there are fewer than keys.
 * @throws {RangeError} for a block size or number of blocks below 1, or more queries than keys.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { mobaBlocks } from "@fewer-bytes/attention";
 *
 * const keys = Matrix.from([[0], [1], [5], [6], [2], [1], [0]]);
 * const chosen = mobaBlocks({ queries: Matrix.from([[1]]), keys, values: keys }, { blockSize: 2, topK: 2 });
 * assertEquals(chosen.map((blocks) => [...blocks]), [[1, 3]]); // its own, and the block of 5 and 6
 * ```
 */
export function mobaBlocks(
  inputs: AttentionInputs<Floats>,
  { blockSize, topK }: MobaOptions,
): Uint32Array<ArrayBuffer>[] {
  const { queries, keys } = attentionShape(inputs, { causal: true });
  requireInteger(blockSize, 1, "choose blocks", "blockSize");
  requireInteger(topK, 1, "choose blocks", "topK");
  requireInteger(keys, queries, "choose blocks", "the number of keys");
  const means = blockMeans(inputs.keys, blockSize);
  return Array.from({ length: queries }, (_, row) => {
    const own = Math.floor((row + keys - queries) / blockSize);
    const query = inputs.queries.row(row);
    const scores = Float64Array.from({ length: own }, (_, block) => {
      let score = 0;
      for (let x = 0; x < query.length; x++) {
        score += query[x]! * means.data[block * means.columns + x]!;
      }
      return score;
    });
    return Uint32Array.of(...topIndices(scores, topK - 1), own);
  });
}

/** Attention of each query to the blocks that {@linkcode mobaBlocks} chooses: dense attention once all blocks are chosen. */
export function mobaAttention(
  inputs: AttentionInputs<Floats>,
  options: MobaOptions,
): Matrix<Float64Array> {
  const { queries, keys } = attentionShape(inputs, { causal: true });
  const blocks = mobaBlocks(inputs, options);
  return attendChosen(
    inputs,
    blocks.map((list, row) => tokensOfBlocks(list, options.blockSize, row + 1 + keys - queries)),
  );
}
