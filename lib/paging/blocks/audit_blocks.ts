import type { BlockAllocator } from "./block_allocator.ts";

/**
 * Does the allocator agree with its owners? Every block is free or owned, each owner is counted once, and nothing is
 * counted that nobody owns.
 *
 * @param owners For each owner (a sequence, a tree of prefixes), the blocks that it holds.
 * @returns What is wrong, a sentence for each; empty when all is well.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { auditBlocks, BlockAllocator } from "@fewer-bytes/paging";
 *
 * const allocator = new BlockAllocator(4, 16);
 * const block = allocator.allocate();
 * assertEquals(auditBlocks(allocator, [[block]]), []);
 * assertEquals(auditBlocks(allocator, []), ["block 0 leaked: 1 reference, 0 owners"]);
 * ```
 */
export function auditBlocks(
  allocator: BlockAllocator,
  owners: Iterable<Iterable<number>>,
): string[] {
  const owned = new Int32Array(allocator.blocks);
  const wrong: string[] = [];
  for (const blocks of owners) {
    const own = new Set<number>();
    for (const block of blocks) {
      if (own.has(block)) wrong.push(`block ${block} is in one table twice`);
      own.add(block);
      owned[block]!++;
    }
  }
  let free = 0;
  owned.forEach((count, block) => {
    const references = allocator.references(block);
    if (references === 0) free++;
    if (references === count) return;
    const what = references > count ? "leaked" : "owned by too many";
    const plural = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;
    wrong.push(
      `block ${block} ${what}: ${plural(references, "reference")}, ${plural(count, "owner")}`,
    );
  });
  if (free !== allocator.free) {
    wrong.push(`${allocator.free} blocks are said to be free: ${free} have no reference`);
  }
  return wrong;
}
