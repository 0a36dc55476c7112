import type { Tokens } from "../../units/mod.ts";
import { type BlockMemory, prefixOwner } from "./memory.ts";

/**
 * Beginnings that several prompts have in common, kept once for all of them. A beginning stays after its last reader has
 * left, until its blocks are needed: the least recently used goes first.
 *
 * Requests are lengths here and no tokens, so a map by number stands for the radix tree of chapter 11, which finds the
 * longest beginning that two texts have in common.
 */
export class SharedPrefixes {
  private readonly kept = new Map<number, { blocks: number; readers: number }>();
  /** Tokens of prompts that were found here, and all that were asked for. */
  reused: Tokens = 0;
  asked: Tokens = 0;

  constructor(private readonly memory: BlockMemory) {}

  /** Tokens of a beginning that are here, whole blocks only; asking makes it the most recently used. */
  find(prefix: number, most: Tokens): Tokens {
    const found = this.kept.get(prefix);
    if (!found) return 0;
    this.kept.delete(prefix);
    this.kept.set(prefix, found);
    const { blockTokens } = this.memory;
    return Math.min(found.blocks, Math.floor(most / blockTokens)) * blockTokens;
  }

  /** Tokens of a beginning that are here, without asking for them. */
  length(prefix: number): Tokens {
    return (this.kept.get(prefix)?.blocks ?? 0) * this.memory.blockTokens;
  }

  /** Notes that a request reads a beginning, so that it is not thrown away under it. */
  enter(prefix: number): void {
    this.kept.get(prefix)!.readers++;
  }

  leave(prefix: number): void {
    this.kept.get(prefix)!.readers--;
  }

  /** Takes over blocks of the request that computed a beginning first; false when it is here already. */
  publish(prefix: number, blocks: number): boolean {
    if (blocks < 1 || this.kept.has(prefix)) return false;
    this.kept.set(prefix, { blocks, readers: 1 });
    return true;
  }

  /** Throws away what nobody reads, least recently used first, until so many blocks are free. */
  makeRoom(blocks: number): void {
    for (const [prefix, { blocks: own, readers }] of this.kept) {
      if (this.memory.free >= blocks) return;
      if (readers > 0) continue;
      this.kept.delete(prefix);
      this.memory.give(own, prefixOwner(prefix));
    }
  }
}
