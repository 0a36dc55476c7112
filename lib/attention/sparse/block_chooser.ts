import type { CachedTokens, CacheEntry } from "../../lm/mod.ts";
import { type Bytes, requireInteger } from "../../units/mod.ts";
import { tokensOfBlocks } from "./attend_chosen.ts";
import { type Chooser, type Choosing, type Heads, requireAllTokens } from "./chooser.ts";
import type { MobaOptions } from "./moba.ts";
import { topIndices } from "./top_indices.ts";

/** How a block of keys is summed up. */
export interface BlockSummary {
  /** Numbers for each number of a key. */
  readonly rows: number;
  /** Folds a key's number into the summary's rows, `stride` apart; `place` counts the tokens of the block before it. */
  fold(summary: Float32Array, at: number, stride: number, value: number, place: number): void;
  /** What the summary's number says of the score with a query's. */
  score(query: number, summary: Float32Array, at: number, stride: number): number;
}

/** MoBA's: the mean key. */
export const meanSummary: BlockSummary = {
  rows: 1,
  fold(summary, at, _, value, place) {
    summary[at]! += (value - summary[at]!) / (place + 1);
  },
  score: (query, summary, at) => query * summary[at]!,
};

/** Quest's: the smallest and the largest number of each channel, from which the largest possible score follows. */
export const boundsSummary: BlockSummary = {
  rows: 2,
  fold(summary, at, stride, value, place) {
    summary[at] = place === 0 ? value : Math.min(summary[at]!, value);
    summary[at + stride] = place === 0 ? value : Math.max(summary[at + stride]!, value);
  },
  score: (query, summary, at, stride) =>
    Math.max(query * summary[at]!, query * summary[at + stride]!),
};

/** What is chosen, by which summary, and by whom. */
export interface BlockChoice extends MobaOptions {
  /** Default {@linkcode meanSummary}. */
  readonly summary?: BlockSummary;
  /** True when the heads of a group choose together, by the sum of their scores, and so read the same. Default false. */
  readonly together?: boolean;
}

/**
 * Each head attends to its own block and to the blocks whose summary it scores highest, as in `mobaBlocks()`. Summaries are
 * kept up to date as tokens come; one is read for each block before the own one, unless all are chosen anyhow.
 *
 * Summaries are counted as 32-bit floats: read once for a group, written when a token changes its block's.
 *
 * @throws {RangeError} for a block size or number of blocks below 1.
 * @example MoBA and Quest on a model that was trained for neither
 * ```ts
 * import { assert } from "@std/assert";
 * import { denseCache, forward, loadModel, writeStory } from "@fewer-bytes/lm";
 * import { blockChooser, boundsSummary, meanSummary, SelectiveCache } from "@fewer-bytes/attention";
 *
 * const model = await loadModel("draft");
 * for (const summary of [meanSummary, boundsSummary]) {
 *   const chooser = blockChooser(model, { blockSize: 4, topK: 3, summary });
 *   const cache = new SelectiveCache(denseCache(model), model, chooser);
 *   forward(model, [{ tokens: writeStory(1, 100).tokens, cache }]);
 *   assert(cache.traffic < 0.8 * cache.denseTraffic);
 * }
 * ```
 */
export function blockChooser(heads: Heads, choice: BlockChoice): Chooser {
  requireInteger(choice.blockSize, 1, "choose blocks", "blockSize");
  requireInteger(choice.topK, 1, "choose blocks", "topK");
  return new BlockChooser(heads, choice);
}

class BlockChooser implements Chooser {
  readonly #heads: Heads;
  readonly #choice: Required<BlockChoice>;
  /** For each layer, a summary after the other. */
  readonly #summaries: Float32Array[] = [];
  readonly #counts: number[] = [];

  constructor(heads: Heads, choice: BlockChoice) {
    this.#heads = heads;
    this.#choice = { summary: meanSummary, together: false, ...choice };
  }

  get #width(): number {
    return this.#heads.keyValueHeads * this.#heads.headDimension;
  }

  get #summaryBytes(): Bytes {
    return 4 * this.#choice.summary.rows * this.#width;
  }

  get bytes(): Bytes {
    const { blockSize } = this.#choice;
    return this.#counts.reduce(
      (sum, count) => sum + Math.ceil(count / blockSize) * this.#summaryBytes,
      0,
    );
  }

  append(layer: number, { keys }: CacheEntry): void {
    const { blockSize, summary } = this.#choice;
    const width = this.#width;
    const place = this.#counts[layer] ?? 0;
    const at = Math.floor(place / blockSize) * summary.rows * width;
    let summaries = this.#summaries[layer] ?? new Float32Array(16 * summary.rows * width);
    if (at + summary.rows * width > summaries.length) {
      const larger = new Float32Array(2 * summaries.length);
      larger.set(summaries);
      summaries = larger;
    }
    for (let x = 0; x < width; x++) {
      summary.fold(summaries, at + x, width, keys[x]!, place % blockSize);
    }
    this.#summaries[layer] = summaries;
    this.#counts[layer] = place + 1;
  }

  choose(layer: number, query: Float32Array, { count }: CachedTokens): Choosing {
    requireAllTokens(count, this.#counts[layer]);
    const { queryHeads, keyValueHeads } = this.#heads;
    const { blockSize, topK, together } = this.#choice;
    const own = Math.floor((count - 1) / blockSize);
    const group = queryHeads / keyValueHeads;
    const scores = own < topK ? [] : this.#scores(layer, query, own);
    const choose = (blocks: Float64Array) =>
      tokensOfBlocks([...topIndices(blocks, topK - 1), own], blockSize, count);
    const none = new Float64Array(own);
    const lists = Array.from({ length: together ? keyValueHeads : queryHeads }, (_, index) => {
      if (own < topK) return choose(none);
      if (!together) return choose(scores[index]!);
      const sums = new Float64Array(own);
      for (const head of scores.slice(index * group, (index + 1) * group)) {
        for (let block = 0; block < own; block++) sums[block]! += head[block]!;
      }
      return choose(sums);
    });
    return {
      chosen: Array.from(
        { length: queryHeads },
        (_, head) => lists[together ? Math.floor(head / group) : head]!,
      ),
      traffic: this.#summaryBytes * (1 + (own < topK ? 0 : own)),
    };
  }

  /** For each query head, a score for each block before the own one. */
  #scores(layer: number, query: Float32Array, blocks: number): Float64Array[] {
    const { queryHeads, keyValueHeads, headDimension } = this.#heads;
    const { summary } = this.#choice;
    const summaries = this.#summaries[layer]!;
    const width = this.#width;
    return Array.from({ length: queryHeads }, (_, head) => {
      const shared = Math.floor(head * keyValueHeads / queryHeads) * headDimension;
      const scores = new Float64Array(blocks);
      for (let block = 0; block < blocks; block++) {
        const at = block * summary.rows * width + shared;
        let sum = 0;
        for (let x = 0; x < headDimension; x++) {
          sum += summary.score(query[head * headDimension + x]!, summaries, at + x, width);
        }
        scores[block] = sum;
      }
      return scores;
    });
  }
}
