import { BlockAllocator, contiguousRuns } from "../../paging/mod.ts";
import type { Tokens } from "../../units/mod.ts";
import type { BlockMemory } from "./memory.ts";

/**
 * A memory that knows which blocks each request has: the allocator of chapter 11 behind the simulator. Nothing takes longer
 * or shorter for it, but one can look at what churn does to addresses.
 *
 * @example Two requests that grow in turn lie in each other's gaps
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AddressedBlocks } from "@fewer-bytes/serving";
 *
 * const memory = new AddressedBlocks(8, 16);
 * for (const request of [0, 1, 0, 1]) memory.take(1, request);
 * assertEquals(memory.blocksOf(0), [0, 2]);
 * assertEquals(memory.runsOf(0), 2);
 * ```
 */
export class AddressedBlocks implements BlockMemory {
  /** Who says which block is free. */
  readonly allocator: BlockAllocator;
  readonly #owned = new Map<number, number[]>();

  /** @throws {RangeError} when there is no block, or a block holds no token. */
  constructor(readonly total: number, readonly blockTokens: Tokens = 16) {
    this.allocator = new BlockAllocator(total, blockTokens);
  }

  get free(): number {
    return this.allocator.free;
  }

  /** The blocks of an owner, in the order of its tokens. */
  blocksOf(owner: number): readonly number[] {
    return this.#owned.get(owner) ?? [];
  }

  /** In how many pieces the first so many tokens of an owner lie. Default: all that it has room for. */
  runsOf(owner: number, tokens: Tokens = Infinity): number {
    return contiguousRuns(this.blocksOf(owner).slice(0, Math.ceil(tokens / this.blockTokens)));
  }

  /** The blocks of everybody who has some. */
  owners(): Iterable<readonly number[]> {
    return this.#owned.values();
  }

  take(blocks: number, owner: number): boolean {
    if (blocks > this.free) return false;
    const own = this.#owned.get(owner) ?? [];
    for (let taken = 0; taken < blocks; taken++) own.push(this.allocator.allocate());
    this.#owned.set(owner, own);
    return true;
  }

  give(blocks: number, owner: number): void {
    const own = this.#owned.get(owner) ?? [];
    if (blocks > own.length) {
      throw new RangeError(
        `Cannot give back ${blocks} blocks as ${owner} must have them: it has ${own.length}`,
      );
    }
    for (let given = 0; given < blocks; given++) this.allocator.release(own.pop()!);
    if (own.length === 0) this.#owned.delete(owner);
  }

  hand(blocks: number, from: number, to: number): void {
    const own = this.#owned.get(from) ?? [];
    this.#owned.set(to, [...this.blocksOf(to), ...own.splice(0, blocks)]);
    if (own.length === 0) this.#owned.delete(from);
  }
}
