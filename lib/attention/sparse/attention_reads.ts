import type { Attention } from "../../catalog/mod.ts";
import { expectedDistinctExperts, type Reads } from "../../transformer/mod.ts";
import { type Bytes, requireInteger, type Tokens } from "../../units/mod.ts";
import { type DsaOptions, dsaSizes, indexerWork, indexKeyBytes } from "./lightning_indexer.ts";
import type { MobaOptions } from "./moba.ts";
import { type NsaOptions, nsaSizes, nsaTokens } from "./native_sparse_attention.ts";
import type { WindowChoice } from "./window_chooser.ts";

/**
 * Attention to the latest tokens and the first few, in a model that caches all. Position alone decides, so all heads read the
 * same and nothing is read to choose.
 *
 * A model made with windows forgets what has left them; say so in its shape (`withWindows()`), and not here.
 *
 * @throws {RangeError} for a window of 0.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { slidingWindow } from "@fewer-bytes/attention";
 *
 * const reads = slidingWindow({ window: 1020, sinks: 4 });
 * assertEquals([500, 1024, 100_000].map((visible) => reads.attended(visible)), [500, 1024, 1024]);
 * ```
 */
export function slidingWindow({ window, sinks = 0 }: WindowChoice): Reads {
  requireInteger(window, 1, "set up a window", "the window");
  requireInteger(sinks, 0, "set up a window", "the sinks");
  return {
    name: sinks > 0 ? "window and sinks" : "window",
    attended: (visible) => Math.min(visible, window + sinks),
  };
}

/** How blocks are found. */
export interface BlockReads extends MobaOptions {
  readonly name?: string;
  /** Rows as wide as a key that are kept of each block to judge it by. Default 1, a mean. */
  readonly summaries?: number;
  /** True when the heads that share keys choose together. Default false. */
  readonly sharedChoice?: boolean;
}

/**
 * Attention to the query's own block and to the blocks before it whose summary scores highest, `topK` in all.
 *
 * The own block is as long as the query has come; all chosen ones before it are full. Summaries of all blocks before the own
 * one are read once for the heads that share them, unless every block is chosen anyhow. Heads that choose each for itself
 * read what any of them wants: counted as if they chose at random, which is more than related heads will read.
 *
 * @throws {RangeError} for a block size or number of blocks below 1.
 */
export function blockTopK(
  { name = "block top-k", blockSize, topK, summaries = 1, sharedChoice = false }: BlockReads,
): Reads {
  requireInteger(blockSize, 1, "set up block reads", "blockSize");
  requireInteger(topK, 1, "set up block reads", "topK");
  requireInteger(summaries, 0, "set up block reads", "summaries");
  const earlier = (visible: Tokens) => Math.max(0, Math.ceil(visible / blockSize) - 1);
  const own = (visible: Tokens) => visible - earlier(visible) * blockSize;
  return {
    name,
    attended: (visible) => own(visible) + Math.min(earlier(visible), topK - 1) * blockSize,
    together(visible, sharers) {
      if (sharedChoice || earlier(visible) < topK) return this.attended(visible);
      return own(visible) +
        blockSize * expectedDistinctExperts(earlier(visible), topK - 1, sharers);
    },
    choice(visible, attention, bytesPerValue) {
      const judged = earlier(visible) < topK ? 0 : earlier(visible) * summaries;
      const { queryHeads, keyHeads, keyWidth } = keysOf(attention);
      return {
        flops: judged * queryHeads * 2 * keyWidth,
        bytes: judged * keyHeads * keyWidth * bytesPerValue,
      };
    },
    index: (attention, bytesPerValue) => ownIndex(attention, bytesPerValue) * summaries / blockSize,
  };
}

/**
 * MoBA: every query head chooses blocks by their mean key. Its paper takes 12 of the blocks of 4,096 tokens at a million.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { moba } from "@fewer-bytes/attention";
 *
 * assertEquals(moba({ blockSize: 512, topK: 3 }).attended(32_768), 1536);
 * ```
 */
export function moba(options: MobaOptions): Reads {
  return blockTopK({ name: "MoBA", ...options });
}

/** Quest: every query head chooses pages by the ranges of their keys, two rows a page; its paper takes pages of 16. */
export function quest(
  { pageSize = 16, topK }: { readonly pageSize?: Tokens; readonly topK: number },
): Reads {
  return blockTopK({ name: "Quest", blockSize: pageSize, topK, summaries: 2 });
}

/**
 * Native sparse attention: heads that share keys select the same blocks, by the attention that compressed keys get.
 *
 * Compressed keys and values are read and attended to whatever is selected: they are the choice's cost. The window has keys and values
 * of its own, which are read beside those of the selected blocks; below the two together everything is read once. What the
 * window keeps does not grow with the context and is left out of the index.
 *
 * @throws As {@linkcode nsaSizes}.
 * @example At 64K a tenth is read, compressed tokens included
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { nsa } from "@fewer-bytes/attention";
 *
 * const [{ attention }] = findModel("llama-3.1-8b").layers as [ReturnType<typeof findModel>["layers"][number]];
 * const token = 2 * 8 * 128 * 2; // bytes of a token in one layer
 * const reads = nsa();
 * const compressed = reads.choice!(65_536, attention, 2).bytes / token;
 * assertAlmostEquals((reads.attended(65_536) + compressed) / 65_536, 5632 / 65_536, 1e-4);
 * ```
 */
export function nsa(options: NsaOptions = {}): Reads {
  const sizes = nsaSizes(options);
  return {
    name: "NSA",
    attended: (visible) => {
      const { selected, window } = nsaTokens(visible, sizes);
      return Math.min(visible, selected + window);
    },
    choice: (visible, attention, bytesPerValue) => {
      const { compressed } = nsaTokens(visible, sizes);
      const { queryHeads, keyHeads, keyWidth, valueWidth, keptWidth } = keysOf(attention);
      return {
        flops: compressed * queryHeads * 2 * (keyWidth + valueWidth),
        bytes: compressed * keyHeads * keptWidth * bytesPerValue,
      };
    },
    index: (attention, bytesPerValue) =>
      attention.kind === "heads" && attention.sharesCache
        ? 0
        : keysOf(attention).keyHeads * keysOf(attention).keptWidth * bytesPerValue / sizes.stride,
  };
}

/**
 * DeepSeek sparse attention: all heads attend to the tokens that a small indexer scores highest. The indexer reads one key of
 * eight bits a number for every visible token, unless all are attended to anyhow.
 *
 * @throws As {@linkcode dsaSizes}.
 * @example At 128K, DeepSeek-V3.2 reads an eighth of what latent attention reads, and most of that is the index
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { dsa } from "@fewer-bytes/attention";
 *
 * const { attention } = findModel("deepseek-v3").layers[1]!;
 * const reads = dsa();
 * const index = reads.choice!(131_072, attention, 2).bytes;
 * const attended = reads.attended(131_072) * 576 * 2;
 * assertAlmostEquals((index + attended) / (131_072 * 576 * 2), 0.130, 0.001);
 * assertAlmostEquals(index / attended, 7.33, 0.01);
 * ```
 */
export function dsa(options: DsaOptions = {}): Reads {
  const sizes = dsaSizes(options);
  return {
    name: "DSA",
    attended: (visible) => Math.min(visible, sizes.topK),
    choice: (visible) => indexerWork(visible > sizes.topK ? visible : 0, sizes),
    index: () => indexKeyBytes(sizes),
  };
}

/**
 * The oracle: each head attends to the tokens that it scores highest, and knows them by reading every key. What it saves is
 * values. Heads that share keys are counted as if they chose at random.
 */
export function oracleTopK(topK: Tokens): Reads {
  requireInteger(topK, 1, "set up an oracle", "topK");
  return {
    name: "oracle",
    attended: (visible) => Math.min(visible, topK),
    together: (visible, sharers) =>
      visible <= topK ? visible : expectedDistinctExperts(visible, topK, sharers),
    choice: (visible, attention, bytesPerValue) => {
      const { queryHeads, keyHeads, keyWidth } = keysOf(attention);
      const read = visible <= topK
        ? visible
        : expectedDistinctExperts(visible, topK, queryHeads / keyHeads);
      // Scores of the tokens attended to are attention's own; their keys are read there.
      return {
        flops: (visible - Math.min(visible, topK)) * queryHeads * 2 * keyWidth,
        bytes: (visible - read) * keyHeads * keyWidth * bytesPerValue,
      };
    },
  };
}

/** The heads and widths that a choice works on: a latent is one key that all heads share, and its own value. */
function keysOf(attention: Attention): {
  queryHeads: number;
  keyHeads: number;
  keyWidth: number;
  valueWidth: number;
  /** Values that are kept for a key and its value. */
  keptWidth: number;
} {
  const { queryHeads } = attention;
  if (attention.kind === "latent") {
    const keyWidth = attention.keyValueRank + attention.rotaryDimension;
    return {
      queryHeads,
      keyHeads: 1,
      keyWidth,
      valueWidth: attention.keyValueRank,
      keptWidth: keyWidth,
    };
  }
  const width = attention.headDimension;
  return {
    queryHeads,
    keyHeads: attention.keyValueHeads,
    keyWidth: width,
    valueWidth: width,
    keptWidth: 2 * width,
  };
}

/** Bytes of one key of a layer, if it keeps keys of its own. */
function ownIndex(attention: Attention, bytesPerValue: number): Bytes {
  if (attention.kind === "heads" && attention.sharesCache) return 0;
  const { keyHeads, keyWidth } = keysOf(attention);
  return keyHeads * keyWidth * bytesPerValue;
}
