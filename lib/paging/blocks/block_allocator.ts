import { requireInteger, type Tokens } from "../../units/mod.ts";

/**
 * Which block is free, and who still needs the others? A stack of free blocks and a count of references for each: all
 * blocks are of one size, so any free one will do, and nothing is ever searched, split or moved. That is why paging has
 * no external fragmentation.
 *
 * Sequences that begin alike share blocks. A block returns to the stack when the last of its owners has released it.
 * (Kwon et al. 2023, section 4.2 to 4.4.)
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BlockAllocator } from "@fewer-bytes/paging";
 *
 * const allocator = new BlockAllocator(2, 16);
 * const block = allocator.allocate();
 * allocator.share(block); // a second owner
 * assertEquals(allocator.release(block), false); // the first leaves
 * assertEquals(allocator.release(block), true); // now it is free
 * assertEquals([allocator.allocate(), allocator.allocate(), allocator.allocate()], [0, 1, -1]);
 * ```
 */
export class BlockAllocator {
  readonly #stack: Int32Array;
  readonly #references: Int32Array;
  #free: number;

  /**
   * @param blocks Blocks that there are.
   * @param blockSize Tokens in each.
   * @throws {RangeError} unless both are whole numbers from 1.
   */
  constructor(readonly blocks: number, readonly blockSize: Tokens) {
    requireInteger(blocks, 1, "allocate blocks", "blocks");
    requireInteger(blockSize, 1, "allocate blocks", "blockSize");
    // The lowest is on top, so that the first blocks handed out lie side by side.
    this.#stack = Int32Array.from({ length: blocks }, (_, index) => blocks - 1 - index);
    this.#references = new Int32Array(blocks);
    this.#free = blocks;
  }

  get free(): number {
    return this.#free;
  }

  /** A free block, with one owner; -1 when there is none. */
  allocate(): number {
    if (this.#free === 0) return -1;
    const block = this.#stack[--this.#free]!;
    this.#references[block] = 1;
    return block;
  }

  /** How many own a block; 0 when it is free. */
  references(block: number): number {
    return this.#references[block] ?? 0;
  }

  /** Counts another owner of a block. */
  share(block: number): void {
    this.#requireOwned(block, "share");
    this.#references[block]!++;
  }

  /** Counts an owner less, and gives whether the block is free now. */
  release(block: number): boolean {
    this.#requireOwned(block, "release");
    if (--this.#references[block]! > 0) return false;
    this.#stack[this.#free++] = block;
    return true;
  }

  #requireOwned(block: number, action: string): void {
    if (!(this.#references[block]! > 0)) {
      throw new RangeError(`Cannot ${action} block ${block} as it must have an owner: it has none`);
    }
  }
}
