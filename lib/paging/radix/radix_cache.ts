import type { Tokens } from "../../units/mod.ts";
import { BlockTable } from "../blocks/block_table.ts";
import { PagedCache } from "../storage/paged_cache.ts";
import type { PagedStorage } from "../storage/paged_storage.ts";
import type { RadixNode } from "./radix_node.ts";
import { RadixTree, type RadixTreeOptions } from "./radix_tree.ts";

/** A request that runs. */
export interface RunningRequest {
  /** Run the model with it, over the tokens from `cache.length` on. */
  readonly cache: PagedCache;
  /** Tokens of the prompt that need not be computed. */
  readonly hit: Tokens;
}

/** What a cache of prefixes has saved. */
export interface HitCount {
  readonly requests: number;
  readonly promptTokens: Tokens;
  /** Those of them that were found. */
  readonly hitTokens: Tokens;
}

/**
 * What if nothing is thrown away when a request ends? Its blocks stay in a tree, and the next request that begins alike
 * takes them over: system prompts, examples, the turns of a conversation. Running requests and the tree share one memory;
 * the tree gives up leaves as soon as blocks are needed. (Zheng et al. 2024, RadixAttention.)
 *
 * One token of a prompt is always computed, as its prediction is what is wanted.
 *
 * @example The second question to the same text computes the question only
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { forward, loadModel, writeStory } from "@fewer-bytes/lm";
 * import { PagedStorage, RadixCache } from "@fewer-bytes/paging";
 *
 * const model = await loadModel("draft");
 * const prefixes = new RadixCache(new PagedStorage(model, 128, 1));
 * const text = [...writeStory(1, 60).tokens.subarray(0, 60)];
 * for (const [question, hit] of [[7, 0], [8, 60]] as const) {
 *   const prompt = [...text, question];
 *   const request = prefixes.start(prompt);
 *   assertEquals(request.hit, hit);
 *   forward(model, [{ tokens: prompt.slice(request.hit), cache: request.cache }]);
 *   prefixes.finish(request, prompt);
 * }
 * assertEquals(prefixes.hits, { requests: 2, promptTokens: 122, hitTokens: 60 });
 * ```
 */
export class RadixCache {
  readonly tree: RadixTree;
  readonly #locked = new Map<RunningRequest, RadixNode>();
  #hits: HitCount = { requests: 0, promptTokens: 0, hitTokens: 0 };

  /** @param storage Its blocks are the pages of the tree; it asks the tree for blocks from now on. */
  constructor(
    readonly storage: PagedStorage,
    options: Pick<RadixTreeOptions, "policy" | "random"> = {},
  ) {
    const { allocator } = storage;
    this.tree = new RadixTree({ ...options, pageSize: allocator.blockSize });
    storage.reclaim = (blocks) => {
      // A block that a running request still reads is not free yet, so more may have to go.
      const goal = allocator.free + blocks;
      while (allocator.free < goal) {
        const given = this.tree.evict(goal - allocator.free);
        if (given.length === 0) return;
        for (const block of given) allocator.release(block);
      }
    };
  }

  get hits(): HitCount {
    return this.#hits;
  }

  /**
   * Starts a request with what is cached of its prompt.
   *
   * @throws {RangeError} for an empty prompt.
   */
  start(prompt: ArrayLike<number>): RunningRequest {
    if (prompt.length === 0) {
      throw new RangeError("Cannot start a request as its prompt must have a token: it has none");
    }
    const { node, tokens, blocks } = this.tree.match(Array.from(prompt).slice(0, -1));
    this.tree.lock(node);
    const table = new BlockTable(this.storage.allocator, blocks);
    const request = { cache: new PagedCache(this.storage, table), hit: tokens };
    this.#locked.set(request, node);
    const { requests, promptTokens, hitTokens } = this.#hits;
    this.#hits = {
      requests: requests + 1,
      promptTokens: promptTokens + prompt.length,
      hitTokens: hitTokens + tokens,
    };
    return request;
  }

  /**
   * Ends a request, and keeps what it computed.
   *
   * @param tokens All tokens that its cache has seen, from the first of the prompt on.
   * @throws {RangeError} when it does not run, or its cache has another number of tokens.
   */
  finish(request: RunningRequest, tokens: ArrayLike<number>): void {
    const { cache } = request;
    if (tokens.length !== cache.length) {
      throw new RangeError(
        `Cannot finish a request as its cache must have its ${tokens.length} tokens: it has ${cache.length}`,
      );
    }
    const { tree, storage: { allocator } } = this;
    this.#unlock(request, "finish");
    const { known } = tree.insert(tokens, cache.table.blocks);
    const pages = Math.floor(tokens.length / tree.pageSize);
    for (const block of cache.table.blocks.slice(known / tree.pageSize, pages)) {
      allocator.share(block);
    }
    cache.release();
  }

  /** Ends a request, and keeps nothing of it but what others have stored. */
  drop(request: RunningRequest): void {
    this.#unlock(request, "drop");
    request.cache.release();
  }

  #unlock(request: RunningRequest, action: string): void {
    const node = this.#locked.get(request);
    if (!node) throw new RangeError(`Cannot ${action} a request as it must run: it does not`);
    this.#locked.delete(request);
    this.tree.unlock(node);
  }
}
