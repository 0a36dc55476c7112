import { type LanguageModel, requireHeads } from "../../lm/mod.ts";
import type { Bytes, Tokens } from "../../units/mod.ts";
import { BlockAllocator } from "../blocks/block_allocator.ts";

/** What the storage must know of the model that it serves. */
export type PagedModel = Pick<
  LanguageModel,
  "layers" | "queryHeads" | "keyValueHeads" | "headDimension"
>;

/**
 * The memory that all sequences share: for each layer one array of keys and one of values, made once, cut into blocks.
 * A block of the allocator is the same rows in every layer.
 */
export class PagedStorage {
  readonly allocator: BlockAllocator;
  /** For each layer, the keys of all places, a row for each; and their values. */
  readonly keys: readonly Float32Array[];
  readonly values: readonly Float32Array[];
  /** Values in one row: key-value heads times head dimension. */
  readonly width: number;
  /** Bytes of one block: keys and values of its tokens in all layers. */
  readonly blockBytes: Bytes;
  /** Bytes that copies on write have moved so far, each read and written. */
  copied: Bytes = 0;
  /** Called when a block is needed and none is free, so that a cache of prefixes can give some up. */
  reclaim: ((blocks: number) => void) | undefined;

  /**
   * @param blocks Blocks that there are.
   * @param blockSize Tokens in each. Default 16, as in vLLM.
   * @throws {RangeError} unless both are whole numbers from 1.
   * @throws {TypeError} for latent attention, whose one array it would keep twice.
   */
  constructor(readonly model: PagedModel, blocks: number, blockSize: Tokens = 16) {
    for (const layer of model.layers) requireHeads(layer, "keep tokens in pages");
    this.allocator = new BlockAllocator(blocks, blockSize);
    this.width = model.keyValueHeads * model.headDimension;
    const rows = () => new Float32Array(blocks * blockSize * this.width);
    this.keys = model.layers.map(rows);
    this.values = model.layers.map(rows);
    this.blockBytes = 2 * 4 * model.layers.length * blockSize * this.width;
  }

  /** Places for tokens: blocks times block size. */
  get places(): Tokens {
    return this.allocator.blocks * this.allocator.blockSize;
  }

  /** Bytes of the blocks that somebody owns; each counts once, however many share it. */
  get bytes(): Bytes {
    return (this.allocator.blocks - this.allocator.free) * this.blockBytes;
  }

  /** Makes sure, if it can, that so many blocks are free. */
  makeRoom(blocks: number): boolean {
    const lacking = blocks - this.allocator.free;
    if (lacking > 0) this.reclaim?.(lacking);
    return this.allocator.free >= blocks;
  }

  /** Copies a block into another, in all layers. */
  copy(from: number, to: number): void {
    const size = this.allocator.blockSize * this.width;
    for (const arrays of [this.keys, this.values]) {
      for (const array of arrays) array.copyWithin(to * size, from * size, (from + 1) * size);
    }
    this.copied += 2 * this.blockBytes;
  }
}
