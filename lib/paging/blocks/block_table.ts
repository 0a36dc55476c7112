import type { Tokens } from "../../units/mod.ts";
import type { BlockAllocator } from "./block_allocator.ts";

/** Copies what is in a block to another one. */
export type CopyBlock = (from: number, to: number) => void;

/**
 * Where are the tokens of one sequence? In the blocks of its table, in order; each block may lie anywhere in memory. The
 * place of token t is `table[t / blockSize] * blockSize + t % blockSize`.
 *
 * It grows by a block when the last one is full, so a sequence wastes less than one block. A fork shares all blocks; who
 * first writes into a block that another one still needs gets a copy of it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BlockAllocator, BlockTable } from "@fewer-bytes/paging";
 *
 * const allocator = new BlockAllocator(8, 4);
 * const prompt = new BlockTable(allocator);
 * for (let token = 0; token < 6; token++) prompt.append();
 * const answer = prompt.fork();
 * assertEquals(allocator.free, 6); // six tokens twice, in two blocks
 * const copied: number[][] = [];
 * answer.append((from, to) => copied.push([from, to]));
 * assertEquals(copied, [[1, 2]]); // only the block that is half full
 * assertEquals(prompt.append(), 6); // the prompt owns its last block alone again
 * assertEquals(answer.place(6), 10);
 * ```
 */
export class BlockTable {
  readonly #blocks: number[] = [];
  #length = 0;

  /**
   * @param prefix Blocks that are there already and full, such as those of a cached prompt: they are shared.
   */
  constructor(readonly allocator: BlockAllocator, prefix: Iterable<number> = []) {
    for (const block of prefix) {
      allocator.share(block);
      this.#blocks.push(block);
    }
    this.#length = this.#blocks.length * allocator.blockSize;
  }

  /** Tokens that it has places for. */
  get length(): Tokens {
    return this.#length;
  }

  /** The blocks, in the order of the sequence. */
  get blocks(): readonly number[] {
    return this.#blocks;
  }

  /** The place of a token among all places of all blocks. */
  place(token: number): number {
    const { blockSize } = this.allocator;
    return this.#blocks[Math.floor(token / blockSize)]! * blockSize + token % blockSize;
  }

  /** Blocks that must be free so that so many tokens can be appended, the copy of a shared one included. */
  blocksNeeded(tokens: Tokens): number {
    const { blockSize } = this.allocator;
    const more = Math.ceil((this.#length + tokens) / blockSize) - this.#blocks.length;
    return more + (tokens > 0 && this.#sharesLast() ? 1 : 0);
  }

  /**
   * Makes a place for one more token.
   *
   * @param copy Called before the place is given when its block had to be copied.
   * @returns The place, or -1 when a block was needed and none is free: then nothing has changed.
   */
  append(copy?: CopyBlock): number {
    const { allocator } = this;
    const offset = this.#length % allocator.blockSize;
    if (offset === 0 || this.#sharesLast()) {
      const block = allocator.allocate();
      if (block < 0) return -1;
      if (offset > 0) {
        const shared = this.#blocks.pop()!;
        copy?.(shared, block);
        allocator.release(shared);
      }
      this.#blocks.push(block);
    }
    this.#length++;
    return this.#blocks.at(-1)! * allocator.blockSize + offset;
  }

  /** A second sequence with the same beginning. No token is copied. */
  fork(): BlockTable {
    const fork = new BlockTable(this.allocator, this.#blocks);
    fork.#length = this.#length;
    return fork;
  }

  /** Gives up all tokens. Blocks that others share stay theirs. */
  release(): void {
    // From the end, so that the next sequence finds the stack in the order of this one.
    while (this.#blocks.length > 0) this.allocator.release(this.#blocks.pop()!);
    this.#length = 0;
  }

  /** Whether the next token falls into a block that another sequence still needs. */
  #sharesLast(): boolean {
    return this.#length % this.allocator.blockSize > 0 &&
      this.allocator.references(this.#blocks.at(-1)!) > 1;
  }
}
