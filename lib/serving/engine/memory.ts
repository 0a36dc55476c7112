import { cacheBytesPerToken } from "../../transformer/mod.ts";
import { complete, type Deployment, footprint } from "../../roofline/mod.ts";
import { requireInteger, type Tokens } from "../../units/mod.ts";

/**
 * What the simulator asks of a cache memory: blocks by number, for an owner. Which block holds what mostly does not matter
 * to time, so {@linkcode CountedBlocks} is enough; {@linkcode AddressedBlocks} knows who has which.
 *
 * An owner is a request, by its number, or a shared beginning, by {@linkcode prefixOwner}.
 */
export interface BlockMemory {
  /** Tokens in one block. */
  readonly blockTokens: Tokens;
  readonly total: number;
  readonly free: number;
  /** Takes blocks; false, and nothing taken, when there are not enough. */
  take(blocks: number, owner: number): boolean;
  /** Gives back the last blocks of an owner. */
  give(blocks: number, owner: number): void;
  /** Makes the first blocks of one owner another's. */
  hand?(blocks: number, from: number, to: number): void;
}

/** As whom a shared beginning owns its blocks: a number that is no request's. */
export function prefixOwner(prefix: number): number {
  return -1 - prefix;
}

/**
 * A memory that only counts. It is a counter as chapter 11 has one, in blocks and not in tokens, as a request here may hold
 * more blocks than it has tokens for (a reservation), or fewer (a shared beginning).
 */
export class CountedBlocks implements BlockMemory {
  free: number;

  /** @throws {RangeError} when there is no block, or a block holds no token. */
  constructor(readonly total: number, readonly blockTokens: Tokens = 16) {
    requireInteger(total, 1, "make a cache memory", "the number of blocks");
    requireInteger(blockTokens, 1, "make a cache memory", "the tokens of a block");
    this.free = total;
  }

  take(blocks: number): boolean {
    if (blocks > this.free) return false;
    this.free -= blocks;
    return true;
  }

  give(blocks: number): void {
    this.free += blocks;
    if (this.free > this.total) {
      throw new RangeError(
        `Cannot give back ${blocks} blocks as only ${
          this.total - this.free + blocks
        } of ${this.total} are taken`,
      );
    }
  }
}

/**
 * How many blocks of cache fit beside the weights? What is left of the memory after weights and the activations of the
 * largest prompt step, divided by the bytes of a block.
 *
 * Layers with a window are counted as if they kept everything, which is what an allocator with one kind of block does.
 *
 * @throws {RangeError} when not even one block fits.
 * @example Llama-3.1-8B leaves 55 GB of an 80 GB device
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { blockCount } from "@fewer-bytes/serving";
 *
 * const model = findModel("llama-3.1-8b");
 * const blocks = blockCount({ model, hardware: findHardware("nvidia-h100-sxm") });
 * assertAlmostEquals(blocks * 16 * 131_072 / 1e9, 55, 1.5);
 * ```
 */
export function blockCount(deployment: Deployment, blockTokens: Tokens = 16): number {
  requireInteger(blockTokens, 1, "count blocks", "the tokens of a block");
  const full = complete(deployment);
  const { weights, activations, capacity } = footprint(deployment, {
    promptTokens: full.prefillTokens,
    outputTokens: 1,
  });
  const bytes = blockTokens *
    cacheBytesPerToken(full.model, {
      storage: full.formats.cache,
      devices: full.devices,
      method: full.cache,
      reads: full.reads,
    });
  const blocks = Math.floor((capacity - weights - activations) / bytes);
  if (blocks < 1) {
    throw new RangeError(
      `Cannot serve ${full.model.name} on ${full.devices} x ${full.hardware.name} as weights and activations must leave ` +
        `room for the cache: they need ${weights + activations} bytes of ${capacity}`,
    );
  }
  return blocks;
}
