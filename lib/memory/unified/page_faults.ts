import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requireInteger,
  requirePositive,
  type Seconds,
} from "../../units/mod.ts";
import { type Tier, tierBandwidth } from "../tiers/tier.ts";

/** How pages of unified memory come to a GPU that touches them. */
export interface PageFaults {
  /** What one fault moves: 4 KiB for one page, up to 2 MiB where the driver guesses what is wanted next. */
  readonly page: Bytes;
  /** Seconds from the fault until bytes move: the driver unmaps, maps and starts a copy. */
  readonly latency: Seconds;
  /** Faults that are handled together. Default 1. */
  readonly together?: number;
}

/**
 * How fast do bytes arrive that fault one page at a time? Each batch of faults waits for the driver, and then for its bytes.
 *
 * Small pages never see the link: 4 KiB after 20 µs are 0.2 GB/s, on a link of 64. Pages of 2 MiB reach 40 GB/s. That is
 * why drivers fetch more than was asked for, and why programs say what they will need (prefetch) instead of faulting.
 *
 * @param bandwidth Of the link.
 * @throws {RangeError} when a value is out of range.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { faultBandwidth } from "@fewer-bytes/memory";
 *
 * const rate = (page: number) => faultBandwidth({ page, latency: 20e-6 }, 64e9) / 1e9;
 * assertAlmostEquals(rate(4096), 0.204, 0.001);
 * assertAlmostEquals(rate(2 ** 21), 39.7, 0.1);
 * ```
 */
export function faultBandwidth(
  { page, latency, together = 1 }: PageFaults,
  bandwidth: BytesPerSecond,
): BytesPerSecond {
  requirePositive(page, "migrate pages", "the page");
  requireAtLeast(latency, 0, "migrate pages", "the latency");
  requireInteger(together, 1, "migrate pages", "together");
  requirePositive(bandwidth, "migrate pages", "the bandwidth");
  const batch = together * page;
  return batch / (latency + batch / bandwidth);
}

/**
 * A host's memory as a GPU sees it whose pages fault: a tier that can be placed upon. Its granularity is the page.
 *
 * @param host With its link; see {@linkcode behind}.
 * @throws {RangeError} when a value is out of range.
 * @example One percent of the weights faults: the step takes twelve times as long
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findMemoryLink, findModel } from "@fewer-bytes/catalog";
 * import { behind, faultingTier, mainMemory, spilledDecode } from "@fewer-bytes/memory";
 *
 * const deployment = { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") };
 * const host = behind(mainMemory(findHardware("amd-epyc-9654")), findMemoryLink("pcie-5-x16"));
 * const slowdown = (tier: typeof host) =>
 *   spilledDecode(deployment, { promptTokens: 500, outputTokens: 100 }, tier, { weights: 0.01 }, { overlap: "none" })
 *     .slowdown;
 * assertAlmostEquals(slowdown(host), 1.5, 0.05); // copied in one piece
 * assertAlmostEquals(slowdown(faultingTier(host, { page: 65_536, latency: 20e-6 })), 12, 1);
 * ```
 */
export function faultingTier(host: Tier, faults: PageFaults): Tier {
  const { inFlight: _, ...memory } = host;
  return {
    ...memory,
    bandwidth: faultBandwidth(faults, tierBandwidth(host)),
    granularity: faults.page,
  };
}
