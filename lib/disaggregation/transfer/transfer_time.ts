import type { Link, Model } from "../../catalog/mod.ts";
import { formula } from "../../numeric/mod.ts";
import { cacheBytes, type CacheOptions } from "../../transformer/mod.ts";
import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requireInteger,
  requirePositive,
  type Seconds,
  type Tokens,
} from "../../units/mod.ts";

/** The time of a transfer, as it is printed and computed. */
export const transferFormula = formula("seconds = latency + bytes / (links * bandwidth)", {
  seconds: "from the first byte that leaves to the last that arrives",
  latency: "seconds until the first byte arrives",
  bytes: "what moves",
  links: "links side by side",
  bandwidth: "bytes per second of one link, in one direction",
});

/** How bytes get from one pool to the other. */
export interface TransferPath {
  readonly link: Link;
  /** Links side by side: one for each device of a group that has its own. Default 1. */
  readonly links?: number;
  /** Seconds until the first byte arrives. Default 0. */
  readonly latency?: Seconds;
  /** The share of the bandwidth that is reached. Default 1. */
  readonly efficiency?: number;
}

/**
 * How long do some bytes take over a link? A latency, and then the bandwidth.
 *
 * @throws {RangeError} when the bytes or a value of the path are out of range.
 * @example One gigabyte over 400 Gb/s
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { networks, transferTime } from "@fewer-bytes/disaggregation";
 *
 * assertAlmostEquals(transferTime(1e9, { link: networks["infiniband-ndr"] }), 20e-3, 1e-12);
 * ```
 */
export function transferTime(bytes: Bytes, path: TransferPath): Seconds {
  const { link, links = 1, latency = 0, efficiency = 1 } = path;
  requireAtLeast(bytes, 0, "time a transfer", "the bytes");
  requirePositive(link.bandwidth, "time a transfer", `the bandwidth of ${link.name}`);
  requireInteger(links, 1, "time a transfer", "links");
  requireAtLeast(latency, 0, "time a transfer", "latency");
  requirePositive(efficiency, "time a transfer", "efficiency");
  if (efficiency > 1) {
    throw new RangeError(
      `Cannot time a transfer as efficiency must be <= 1: current value is ${efficiency}`,
    );
  }
  return latency + bytes / (links * link.bandwidth * efficiency);
}

/**
 * What must move when one pool has read a prompt and another goes on? The keys and values of all its tokens, from all
 * devices of the group that read it.
 *
 * Grouped heads, latents, windows and a smaller format make it less, and everything that makes a cache small makes
 * disaggregation cheap. With latent attention each device of a group has the whole latent, and one copy is enough.
 *
 * @param options How the cache is kept; `devices` is not asked, as one copy moves whatever the group is.
 * @example A prompt of 512 tokens: 1.2 GB for OPT-66B, and 67 MB for Llama-3.1-8B
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { handOffBytes } from "@fewer-bytes/disaggregation";
 *
 * assertEquals(handOffBytes(findModel("opt-66b"), 512), 2 * 64 * 9216 * 2 * 512); // DistServe: 1.13 GB, in GiB
 * assertEquals(handOffBytes(findModel("llama-3.1-8b"), 512), 512 * 131_072);
 * ```
 */
export function handOffBytes(
  model: Model,
  promptTokens: Tokens,
  options: Omit<CacheOptions, "devices"> = {},
): Bytes {
  requireInteger(promptTokens, 1, "size a hand-off", "promptTokens");
  return cacheBytes(model, promptTokens, options);
}

/**
 * Which bandwidth must a link have, so that the caches of so many prompts a second pass it? Bytes a second, without
 * waiting; at the limit the queue in front of the link grows without end.
 *
 * @example DistServe's example: OPT-66B, 512 tokens, ten requests a second need some 90 to 100 Gb/s
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { handOffBandwidth, handOffBytes } from "@fewer-bytes/disaggregation";
 *
 * const bytes = handOffBytes(findModel("opt-66b"), 512);
 * assertAlmostEquals(8 * handOffBandwidth(10, bytes) / 1e9, 96.6, 0.1);
 * ```
 */
export function handOffBandwidth(rate: number, meanBytes: Bytes): BytesPerSecond {
  requireAtLeast(rate, 0, "find the bandwidth of hand-offs", "the rate");
  requireAtLeast(meanBytes, 0, "find the bandwidth of hand-offs", "meanBytes");
  return rate * meanBytes;
}
