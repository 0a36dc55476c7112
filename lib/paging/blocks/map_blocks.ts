import type { Tokens } from "../../units/mod.ts";
import type { BlockAllocator } from "./block_allocator.ts";

/** Blocks, and the tokens in them: those of a block table, or of a node of a tree of prefixes. */
export interface HeldBlocks {
  readonly blocks: Iterable<number>;
  /** Tokens from the first block on. Default: all blocks are full. */
  readonly length?: Tokens;
}

/** One block of the memory, as it is now. */
export interface MappedBlock {
  /** Names of its owners, in the order in which they were given. */
  readonly owners: readonly string[];
  /** The share of its places that hold a token. */
  readonly filled: number;
}

/**
 * Who has which block, and how full is it? What an allocator keeps are numbers of references; the map asks the owners. It
 * is what a picture of the memory is drawn from; {@linkcode auditBlocks} says whether both agree.
 *
 * @param owners For each owner, by its name, its blocks and tokens.
 * @throws {RangeError} for a block that the allocator does not have.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BlockAllocator, BlockTable, mapBlocks } from "@fewer-bytes/paging";
 *
 * const allocator = new BlockAllocator(3, 4);
 * const prompt = new BlockTable(allocator);
 * for (let token = 0; token < 5; token++) prompt.append();
 * const answer = prompt.fork();
 * answer.append();
 * assertEquals(mapBlocks(allocator, { prompt, answer }), [
 *   { owners: ["prompt", "answer"], filled: 1 },
 *   { owners: ["prompt"], filled: 0.25 },
 *   { owners: ["answer"], filled: 0.5 },
 * ]);
 * ```
 */
export function mapBlocks(
  { blocks, blockSize }: BlockAllocator,
  owners: Readonly<Record<string, HeldBlocks>>,
): MappedBlock[] {
  const map = Array.from({ length: blocks }, () => ({ owners: [] as string[], filled: 0 }));
  for (const [name, { blocks, length = Infinity }] of Object.entries(owners)) {
    let before = 0;
    for (const block of blocks) {
      const held = map[block];
      if (!held) {
        throw new RangeError(
          `Cannot map blocks as each must be from 0 to ${map.length - 1}: ${name} has ${block}`,
        );
      }
      held.owners.push(name);
      held.filled = Math.max(held.filled, Math.min(1, (length - before) / blockSize));
      before += blockSize;
    }
  }
  return map;
}
