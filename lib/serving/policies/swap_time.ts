import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requireInteger,
  requirePositive,
  type Seconds,
  type Tokens,
} from "../../units/mod.ts";
import type { SwapTime } from "../engine/server.ts";

/** How caches move between a device and its host. */
export interface SwapPath {
  readonly bytesPerToken: Bytes;
  readonly layers: number;
  /** Tokens of a block. Default 16. */
  readonly blockTokens?: Tokens;
  /** Blocks that lie one after the other and move in one copy. Default 1: scattered. */
  readonly blocksPerCopy?: number;
  readonly bandwidth: BytesPerSecond;
  /** What it takes the host to start one copy. */
  readonly launch: Seconds;
}

/**
 * Why are context switches slow when memory is paged? A cache that lies in blocks moves in as many copies as there are
 * blocks, times layers, times two for keys and values; and each copy is started by the host. With 16 tokens in a block a
 * copy is some ten kilobytes, and starting it takes longer than moving it:
 * time = max(copies · launch, bytes / bandwidth).
 *
 * Larger runs of neighboring blocks, as FastSwitch hands out, divide the copies.
 *
 * @throws {RangeError} when a count or rate is not positive.
 * @example 1,000 tokens of Llama-3.1-8B over 32 GB/s, 5 µs to start a copy
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { swapInBlocks } from "@fewer-bytes/serving";
 *
 * const path = { bytesPerToken: 131_072, layers: 32, bandwidth: 32e9, launch: 5e-6 };
 * assertAlmostEquals(swapInBlocks(path)(1000), 20.2e-3, 1e-4); // 4,032 copies are started
 * assertAlmostEquals(swapInBlocks({ ...path, blocksPerCopy: 20 })(1000), 4.1e-3, 1e-4); // the link decides
 * ```
 */
export function swapInBlocks(path: SwapPath): SwapTime {
  const { bytesPerToken, layers, blockTokens = 16, blocksPerCopy = 1, bandwidth, launch } = path;
  requirePositive(bytesPerToken, "time a swap", "bytesPerToken");
  requireInteger(layers, 1, "time a swap", "layers");
  requireInteger(blockTokens, 1, "time a swap", "blockTokens");
  requireAtLeast(blocksPerCopy, 1, "time a swap", "blocksPerCopy");
  requirePositive(bandwidth, "time a swap", "the bandwidth");
  requireAtLeast(launch, 0, "time a swap", "launch");
  return (tokens) => {
    const copies = 2 * layers * Math.ceil(Math.ceil(tokens / blockTokens) / blocksPerCopy);
    return Math.max(copies * launch, tokens * bytesPerToken / bandwidth);
  };
}
