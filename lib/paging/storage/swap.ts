import type { Bytes, Tokens } from "../../units/mod.ts";
import { BlockTable } from "../blocks/block_table.ts";
import { PagedCache } from "./paged_cache.ts";
import type { PagedStorage } from "./paged_storage.ts";

/** A sequence in the memory of the host: it cannot go on, and it takes no block. */
export interface SwappedCache {
  readonly tokens: Tokens;
  /** What was moved, and must be moved again to come back: whole blocks, as they are. */
  readonly bytes: Bytes;
  /** For each layer, the rows of its blocks, one after the other. */
  readonly keys: readonly Float32Array[];
  readonly values: readonly Float32Array[];
}

/**
 * Memory is full and a sequence must make room. Moves it to the host: its blocks are copied away and released.
 *
 * Blocks that it shares with others are copied too, and stay with the others.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { forward, loadModel } from "@fewer-bytes/lm";
 * import { PagedCache, PagedStorage, swapIn, swapOut } from "@fewer-bytes/paging";
 *
 * const model = await loadModel("draft");
 * const storage = new PagedStorage(model, 4, 16);
 * const cache = new PagedCache(storage);
 * forward(model, [{ tokens: [1, 2, 3], cache }]);
 * const away = swapOut(cache);
 * assertEquals([away.tokens, storage.bytes], [3, 0]);
 * assertEquals(swapIn(storage, away).length, 3); // goes on where it was
 * ```
 */
export function swapOut(cache: PagedCache): SwappedCache {
  const { storage, table, length, bytes } = cache;
  const size = table.allocator.blockSize * storage.width;
  const gather = (array: Float32Array) => {
    const rows = new Float32Array(table.blocks.length * size);
    table.blocks.forEach((block, index) =>
      rows.set(array.subarray(block * size, (block + 1) * size), index * size)
    );
    return rows;
  };
  const swapped = {
    tokens: length,
    bytes,
    keys: storage.keys.map(gather),
    values: storage.values.map(gather),
  };
  cache.release();
  return swapped;
}

/**
 * Brings a sequence back, into whatever blocks are free.
 *
 * @throws {RangeError} when too few are free; nothing has changed then.
 */
export function swapIn(storage: PagedStorage, { tokens, keys, values }: SwappedCache): PagedCache {
  const table = new BlockTable(storage.allocator);
  const needed = table.blocksNeeded(tokens);
  if (!storage.makeRoom(needed)) {
    throw new RangeError(
      `Cannot swap a sequence in as ${needed} blocks must be free: current number is ${storage.allocator.free}`,
    );
  }
  for (let token = 0; token < tokens; token++) table.append();
  const size = storage.allocator.blockSize * storage.width;
  const scatter = (rows: Float32Array, array: Float32Array) =>
    table.blocks.forEach((block, index) =>
      array.set(rows.subarray(index * size, (index + 1) * size), block * size)
    );
  storage.keys.forEach((array, layer) => scatter(keys[layer]!, array));
  storage.values.forEach((array, layer) => scatter(values[layer]!, array));
  return new PagedCache(storage, table);
}
