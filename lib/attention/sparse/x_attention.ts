import { type Floats, Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { type AttentionInputs, attentionShape } from "../flash/attention_inputs.ts";
import { type BlockList, checkedGrid } from "./block_list.ts";
import { indicesOfMass } from "./top_indices.ts";

/** How blocks are scored and chosen. */
export interface AntidiagonalOptions {
  readonly blockSize: number;
  /** Every so many antidiagonals one is summed; a divisor of the block size. */
  readonly stride: number;
  /** Default true, as in prefill. */
  readonly causal?: boolean;
}

/**
 * How much attention is in each block, judged by a few antidiagonals of its scores?
 *
 * In each tile of S × S scores only the antidiagonal is summed: 1/S of all. It crosses every row and every column, so a key
 * that all look at (a vertical stripe) cannot slip through. Of the distances that all look back (slashes) an even stride
 * samples the odd ones alone: query and key of an antidiagonal add up to S − 1, so they are an odd number apart. The
 * sums, divided by S, pass through a softmax along each row of tiles, and are added up in blocks.
 *
 * Source: Xu et al., "XAttention: Block Sparse Attention with Antidiagonal Scoring" (2025).
 *
 * @returns Blocks of queries times blocks of keys; a row sums to its tiles, blocks without tiles to see have 0.
 * @throws {RangeError} when the stride does not divide the block size, or the block size queries and keys.
 * @example A key that all look at
 * ```ts
 * import { assert } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { antidiagonalMasses } from "@fewer-bytes/attention";
 *
 * const tokens = Matrix.zeros(12, 1).map(() => 1);
 * const keys = Matrix.zeros(12, 1).map((_, token) => token === 5 ? 20 : 0);
 * const options = { blockSize: 4, stride: 2, causal: false };
 * const masses = antidiagonalMasses({ queries: tokens, keys, values: tokens }, options);
 * assert(masses.get(0, 1) > 0.99 * 2); // two rows of tiles, nearly all of their mass in block 1
 * ```
 */
export function antidiagonalMasses(
  inputs: AttentionInputs<Floats>,
  { blockSize, stride, causal = true }: AntidiagonalOptions,
): Matrix<Float64Array> {
  const { queries, keys, width, scale } = attentionShape(inputs, { causal });
  checkedGrid({ queries, keys, blockSize, causal });
  requireInteger(stride, 1, "score antidiagonals", "the stride");
  if (blockSize % stride !== 0 || queries % blockSize !== 0 || keys % blockSize !== 0) {
    throw new RangeError(
      `Cannot score antidiagonals as the stride must divide the block size, and that queries and keys: current values are ${stride}, ${blockSize}, ${queries} and ${keys}`,
    );
  }
  const [q, k] = [inputs.queries.data, inputs.keys.data];
  const [rows, columns] = [queries / blockSize, keys / blockSize];
  const [tilesDown, tilesAcross] = [queries / stride, keys / stride];
  const perBlock = blockSize / stride;
  const masses = new Float64Array(rows * columns);
  const sums = new Float64Array(tilesAcross);
  for (let tile = 0; tile < tilesDown; tile++) {
    const seen = causal ? tile + 1 + tilesAcross - tilesDown : tilesAcross;
    let maximum = -Infinity;
    for (let across = 0; across < seen; across++) {
      let sum = 0;
      for (let step = 0; step < stride; step++) {
        const query = (tile * stride + stride - 1 - step) * width;
        const key = (across * stride + step) * width;
        for (let x = 0; x < width; x++) sum += q[query + x]! * k[key + x]!;
      }
      sums[across] = sum * scale / stride;
      if (sums[across]! > maximum) maximum = sums[across]!;
    }
    let total = 0;
    for (let across = 0; across < seen; across++) {
      total += sums[across] = Math.exp(sums[across]! - maximum);
    }
    const row = Math.floor(tile / perBlock) * columns;
    for (let across = 0; across < seen; across++) {
      masses[row + Math.floor(across / perBlock)]! += sums[across]! / total;
    }
  }
  return new Matrix(rows, columns, masses);
}

/**
 * Which blocks of keys does each block of queries need? The fewest that hold a share of the row's mass; with causality the
 * first and the own block are always among them, and their mass counts.
 *
 * @param masses Guessed or true mass of each block: from {@linkcode antidiagonalMasses} or `blockMasses()`.
 * @param grid Sizes that the blocks were made of.
 * @param threshold The share τ of the mass, from 0 to 1. XAttention takes 0.9 with a stride of 8 or 16.
 * @throws {TypeError} when the masses are of another grid.
 */
export function blocksByMass(
  masses: Matrix<Floats>,
  grid: Parameters<typeof checkedGrid>[0],
  threshold: number,
): BlockList {
  const { queries, keys, blockSize, causal } = checkedGrid(grid);
  const [rows, columns] = [Math.ceil(queries / blockSize), Math.ceil(keys / blockSize)];
  if (masses.rows !== rows || masses.columns !== columns) {
    throw new TypeError(
      `Cannot choose blocks as masses must be ${rows} x ${columns}: current shape is ${masses.rows} x ${masses.columns}`,
    );
  }
  const lists = Array.from({ length: rows }, (_, row) => {
    if (!causal) return indicesOfMass(masses.row(row), threshold);
    const own = Math.floor(
      (Math.min(queries, (row + 1) * blockSize) - 1 + keys - queries) / blockSize,
    );
    return indicesOfMass(masses.row(row).subarray(0, own + 1), threshold, [...new Set([0, own])]);
  });
  return { queries, keys, blockSize, causal, lists };
}

/**
 * The obvious cheaper guess, to compare with: the score between the mean query and the mean key of two blocks, as a softmax
 * along each row of blocks. A single key that matters drowns in the mean of its block.
 */
export function pooledMasses(
  inputs: AttentionInputs<Floats>,
  { blockSize, causal = true }: Omit<AntidiagonalOptions, "stride">,
): Matrix<Float64Array> {
  const mean = (matrix: Matrix<Floats>) => blockMeans(matrix, blockSize);
  return antidiagonalMasses(
    { queries: mean(inputs.queries), keys: mean(inputs.keys), values: mean(inputs.values) },
    { blockSize: 1, stride: 1, causal },
  );
}

/** The mean row of each block of rows; the last block may be shorter. */
export function blockMeans(matrix: Matrix<Floats>, blockSize: number): Matrix<Float64Array> {
  requireInteger(blockSize, 1, "pool blocks", "blockSize");
  const { rows, columns, data } = matrix;
  const blocks = Math.ceil(rows / blockSize);
  const means = new Float64Array(blocks * columns);
  for (let row = 0; row < rows; row++) {
    const block = Math.floor(row / blockSize);
    const size = Math.min(rows, (block + 1) * blockSize) - block * blockSize;
    for (let x = 0; x < columns; x++) {
      means[block * columns + x]! += data[row * columns + x]! / size;
    }
  }
  return new Matrix(blocks, columns, means);
}
