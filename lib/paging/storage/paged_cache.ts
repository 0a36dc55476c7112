import type { CachedTokens, CacheEntry, KeyValueCache } from "../../lm/mod.ts";
import type { Bytes, Tokens } from "../../units/mod.ts";
import { BlockTable } from "../blocks/block_table.ts";
import type { PagedStorage } from "./paged_storage.ts";

/**
 * The cache of one sequence in blocks that lie anywhere. Can attention work with that? It can: it gets the arrays of the
 * whole storage, and the list of places where this sequence's tokens are. Nothing is gathered or copied, the order of the
 * tokens is that of the sequence, and the result is that of the dense cache to the last bit.
 *
 * What it costs is the table: a number for each block, read once in every layer; it is counted as traffic.
 *
 * @example Three answers to one prompt, whose tokens are stored once
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { forward, loadModel, writeStory } from "@fewer-bytes/lm";
 * import { PagedCache, PagedStorage } from "@fewer-bytes/paging";
 *
 * const model = await loadModel("draft");
 * const storage = new PagedStorage(model, 16, 16);
 * const prompt = new PagedCache(storage);
 * forward(model, [{ tokens: writeStory(1, 64).tokens.subarray(0, 64), cache: prompt }]);
 * const answers = [prompt, prompt.fork(), prompt.fork()];
 * forward(model, answers.map((cache, index) => ({ tokens: [index], cache })));
 * assertEquals(answers.map(({ length }) => length), [65, 65, 65]);
 * assertEquals(storage.bytes, (4 + 3) * storage.blockBytes); // instead of 3 x 5 blocks
 * ```
 */
export class PagedCache implements KeyValueCache {
  readonly #counts: number[];
  readonly #windows: readonly (number | undefined)[];
  /** The place of each token; more room than tokens. */
  #places = new Uint32Array(64);
  #length: Tokens;

  /** @param table Where the tokens are that the sequence has already. Default: none. */
  constructor(
    readonly storage: PagedStorage,
    readonly table: BlockTable = new BlockTable(storage.allocator),
  ) {
    this.#length = table.length;
    this.#counts = storage.model.layers.map(() => table.length);
    this.#windows = storage.model.layers.map(({ window }) => window);
    for (let token = 0; token < table.length; token++) this.#setPlace(token, table.place(token));
  }

  get length(): Tokens {
    return this.#length;
  }

  /** Bytes of its blocks, those included that others share: see `PagedStorage.bytes` for what is there in all. */
  get bytes(): Bytes {
    return this.table.blocks.length * this.storage.blockBytes;
  }

  /**
   * Keeps a token's entry.
   *
   * @throws {RangeError} when a block is needed and none is free. Ask `storage.makeRoom(table.blocksNeeded(tokens))`
   *   before a pass, and preempt a sequence if the answer is no: a pass that stopped half-way has kept half its tokens.
   */
  append(layer: number, { keys, values }: CacheEntry): void {
    const token = this.#counts[layer]!++;
    if (token === this.table.length) this.#makePlace();
    const { storage } = this;
    const at = this.#places[token]! * storage.width;
    storage.keys[layer]!.set(keys, at);
    storage.values[layer]!.set(values, at);
  }

  read(layer: number): CachedTokens {
    const { storage, table } = this;
    const { queryHeads } = storage.model;
    const end = this.#counts[layer]!;
    const start = Math.max(0, end - (this.#windows[layer] ?? Infinity));
    const places = this.#places.subarray(start, end);
    const { blockSize } = table.allocator;
    const blocks = Math.ceil(end / blockSize) - Math.floor(start / blockSize);
    return {
      count: storage.places,
      keys: storage.keys[layer]!,
      values: storage.values[layer]!,
      chosen: new Array(queryHeads).fill(places),
      traffic: 2 * 4 * storage.width * (places.length + 1) + 4 * blocks,
    };
  }

  advance(tokens: Tokens): void {
    this.#length += tokens;
  }

  /** A second sequence with the same beginning; both go on from here. No token is copied until one of them writes. */
  fork(): PagedCache {
    return new PagedCache(this.storage, this.table.fork());
  }

  /** Gives its blocks back. The sequence has no tokens then. */
  release(): void {
    this.table.release();
    this.#counts.fill(0);
    this.#length = 0;
  }

  #makePlace(): void {
    const { storage, table } = this;
    const token = table.length;
    if (table.blocksNeeded(1) > 0) storage.makeRoom(1);
    let copied = false;
    const place = table.append((from, to) => {
      storage.copy(from, to);
      copied = true;
    });
    if (place < 0) {
      throw new RangeError(
        `Cannot append a token as a block must be free: all ${table.allocator.blocks} are taken`,
      );
    }
    // After a copy, the tokens that share the block with the new one have moved along with it.
    const { blockSize } = table.allocator;
    for (let old = copied ? token - token % blockSize : token; old < token; old++) {
      this.#setPlace(old, table.place(old));
    }
    this.#setPlace(token, place);
  }

  #setPlace(token: number, place: number): void {
    if (token >= this.#places.length) {
      const larger = new Uint32Array(2 * this.#places.length);
      larger.set(this.#places);
      this.#places = larger;
    }
    this.#places[token] = place;
  }
}
