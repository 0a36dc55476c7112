import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requireInteger,
  requirePositive,
  type Seconds,
  type Tokens,
} from "../../units/mod.ts";
import type { AddressedBlocks } from "../engine/addressed_blocks.ts";
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
  const { blockTokens = 16, blocksPerCopy = 1 } = path;
  requireInteger(blockTokens, 1, "time a swap", "blockTokens");
  requireAtLeast(blocksPerCopy, 1, "time a swap", "blocksPerCopy");
  const copy = copyTime(path);
  return (tokens) => copy(tokens, Math.ceil(Math.ceil(tokens / blockTokens) / blocksPerCopy));
}

/**
 * The same, where the blocks of each request really lie: each run of neighbors moves in one copy.
 *
 * @param memory The memory of the simulation.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { AddressedBlocks, swapByRuns, swapInBlocks } from "@fewer-bytes/serving";
 *
 * const path = { bytesPerToken: 131_072, layers: 32, bandwidth: 32e9, launch: 5e-6 };
 * const memory = new AddressedBlocks(8);
 * for (const request of [0, 0, 0, 1, 0]) memory.take(1, request);
 * // Four blocks, of which three lie side by side: two copies, as if two blocks moved in each.
 * assertEquals(swapByRuns(path, memory)(64, 0), swapInBlocks({ ...path, blocksPerCopy: 2 })(64));
 * ```
 */
export function swapByRuns(
  path: Omit<SwapPath, "blockTokens" | "blocksPerCopy">,
  memory: AddressedBlocks,
): SwapTime {
  const copy = copyTime(path);
  return (tokens, request = 0) => copy(tokens, memory.runsOf(request, tokens));
}

/** Seconds of so many tokens in so many pieces, each of which is keys and values in every layer. */
function copyTime({ bytesPerToken, layers, bandwidth, launch }: SwapPath) {
  requirePositive(bytesPerToken, "time a swap", "bytesPerToken");
  requireInteger(layers, 1, "time a swap", "layers");
  requirePositive(bandwidth, "time a swap", "the bandwidth");
  requireAtLeast(launch, 0, "time a swap", "launch");
  return (tokens: Tokens, pieces: number): Seconds =>
    Math.max(2 * layers * pieces * launch, tokens * bytesPerToken / bandwidth);
}
