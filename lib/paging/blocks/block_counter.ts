import { requireInteger, type Tokens } from "../../units/mod.ts";

/**
 * How many blocks are free? For schedulers and simulators, that is all there is to know: no block is named, none is
 * shared, and an answer costs one comparison. {@linkcode BlockAllocator} says which blocks, and who shares them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BlockCounter } from "@fewer-bytes/paging";
 *
 * const memory = new BlockCounter(10, 16);
 * assertEquals(memory.grow(0, 100), true); // seven blocks
 * assertEquals(memory.grow(100, 112), true); // which hold 112 tokens
 * assertEquals(memory.free, 3);
 * assertEquals(memory.grow(0, 49), false); // would be four
 * memory.release(112);
 * assertEquals(memory.free, 10);
 * ```
 */
export class BlockCounter {
  #free: number;

  /**
   * @param blocks Blocks that there are.
   * @param blockSize Tokens in each.
   * @throws {RangeError} unless both are whole numbers from 1.
   */
  constructor(readonly blocks: number, readonly blockSize: Tokens) {
    this.#free = requireInteger(blocks, 1, "count blocks", "blocks");
    requireInteger(blockSize, 1, "count blocks", "blockSize");
  }

  get free(): number {
    return this.#free;
  }

  /** Blocks that so many tokens take: the last one may be partly empty. */
  blocksFor(tokens: Tokens): number {
    return Math.ceil(tokens / this.blockSize);
  }

  /** Takes what a sequence lacks to grow from some tokens to more. Gives false, and takes nothing, if that is not free. */
  grow(from: Tokens, to: Tokens): boolean {
    const needed = this.blocksFor(to) - this.blocksFor(from);
    if (!(needed <= this.#free)) return false;
    this.#free -= needed;
    return true;
  }

  /**
   * Gives back the blocks of a sequence of so many tokens.
   *
   * @throws {RangeError} when more would be free than there are: something was given back twice.
   */
  release(tokens: Tokens): void {
    const free = this.#free + this.blocksFor(tokens);
    if (!(free <= this.blocks)) {
      throw new RangeError(
        `Cannot release blocks as at most ${this.blocks} can be free: current value is ${free}`,
      );
    }
    this.#free = free;
  }
}
