import { requireInteger } from "../../units/mod.ts";
import type { Pattern } from "./pattern.ts";

/** How queries and keys are cut into blocks. */
export interface BlockGrid {
  readonly queries: number;
  readonly keys: number;
  /** Tokens of a block; the last one may be shorter. */
  readonly blockSize: number;
  /** A token sees only itself and those before it; with fewer queries than keys, the queries are the last. Default false. */
  readonly causal?: boolean;
}

/** Which blocks of keys each block of queries sees: what a kernel walks through instead of all of them. */
export interface BlockList extends BlockGrid {
  readonly causal: boolean;
  /** For each block of queries, its blocks of keys in ascending order. */
  readonly lists: readonly Uint32Array[];
}

/**
 * Turns a rule over blocks into lists. Block sizes need not divide anything: the last block is shorter. Blocks that
 * causality hides wholly are left out.
 *
 * @param sees A rule over blocks of queries and keys. Where the queries are the last of the keys, blocks of queries are
 *   counted from the first query.
 * @throws {RangeError} for a block size below 1, or more queries than keys with causality.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { blockDensity, blockListOf, windowPattern } from "@fewer-bytes/attention";
 *
 * const grid = { queries: 10, keys: 10, blockSize: 4, causal: true };
 * const list = blockListOf(windowPattern({ before: 1 }), grid);
 * assertEquals(list.lists.map((row) => [...row]), [[0], [0, 1], [1, 2]]);
 * assertEquals(blockDensity(list), (55 - 2 * 4) / 55);
 * ```
 */
export function blockListOf(sees: Pattern, grid: BlockGrid): BlockList {
  const { queries, keys, blockSize, causal } = checkedGrid(grid);
  const lists = Array.from({ length: Math.ceil(queries / blockSize) }, (_, row) => {
    const last = causal ? lastKey(row, { queries, keys, blockSize }) : keys - 1;
    const list: number[] = [];
    for (let column = 0; column * blockSize <= last; column++) {
      if (sees(row, column)) list.push(column);
    }
    return Uint32Array.from(list);
  });
  return { queries, keys, blockSize, causal, lists };
}

/**
 * Which blocks must a kernel visit for a rule over tokens? All in which any pair is allowed: it computes whole blocks, so a
 * window of one token beyond a block's border costs a block.
 */
export function coveringBlocks(sees: Pattern, grid: BlockGrid): BlockList {
  const { queries, keys, blockSize, causal } = checkedGrid(grid);
  const offset = causal ? keys - queries : 0;
  return blockListOf((row, column) => {
    for (let q = row * blockSize; q < Math.min(queries, (row + 1) * blockSize); q++) {
      for (let k = column * blockSize; k < Math.min(keys, (column + 1) * blockSize); k++) {
        if (!(causal && k > q + offset) && sees(q + offset, k)) return true;
      }
    }
    return false;
  }, grid);
}

/**
 * How many query-key pairs does a block list hold? Exactly: short last blocks and the triangle that causality cuts off are
 * counted as what they are.
 */
export function listedPairs({ queries, keys, blockSize, causal, lists }: BlockList): number {
  const offset = keys - queries;
  let pairs = 0;
  lists.forEach((list, row) => {
    const [first, end] = [row * blockSize, Math.min(queries, (row + 1) * blockSize)];
    for (const column of list) {
      const from = column * blockSize;
      const width = Math.min(keys, from + blockSize) - from;
      if (!causal || from + width - 1 <= first + offset) pairs += (end - first) * width;
      else {
        for (let q = first; q < end; q++) {
          pairs += Math.max(0, Math.min(width, q + offset + 1 - from));
        }
      }
    }
  });
  return pairs;
}

/** Which share of the pairs that dense attention computes is left? Of the triangle, where causality leaves one. */
export function blockDensity(list: BlockList): number {
  const { queries, keys, causal } = list;
  const all = causal ? queries * (keys - queries) + queries * (queries + 1) / 2 : queries * keys;
  return listedPairs(list) / all;
}

/** The mask that a block list stands for: 1 for each pair that is computed, row by row. */
export function blockMask(list: BlockList): Uint8Array<ArrayBuffer> {
  const { queries, keys, blockSize, causal, lists } = list;
  const mask = new Uint8Array(queries * keys);
  for (let q = 0; q < queries; q++) {
    const seen = causal ? q + 1 + keys - queries : keys;
    for (const column of lists[Math.floor(q / blockSize)]!) {
      const end = Math.min((column + 1) * blockSize, seen);
      if (end > column * blockSize) mask.fill(1, q * keys + column * blockSize, q * keys + end);
    }
  }
  return mask;
}

/** Checks a grid and fills in its default. */
export function checkedGrid(
  { queries, keys, blockSize, causal = false }: BlockGrid,
): Required<BlockGrid> {
  requireInteger(queries, 1, "list blocks", "queries");
  requireInteger(keys, causal ? queries : 1, "list blocks", "keys");
  requireInteger(blockSize, 1, "list blocks", "blockSize");
  return { queries, keys, blockSize, causal };
}

/** The last key that a block of queries sees under causality. */
function lastKey(row: number, { queries, keys, blockSize }: BlockGrid): number {
  return Math.min(queries, (row + 1) * blockSize) - 1 + keys - queries;
}
