import { formula } from "../../numeric/mod.ts";
import { complete, type Deployment, type Request } from "../../roofline/mod.ts";
import { requirePositive, type Seconds, type TokensPerSecond } from "../../units/mod.ts";
import type { Tier } from "../tiers/tier.ts";
import { placedFootprint, type TierFootprint } from "./placed_footprint.ts";
import { type Overlap, placedStepTime } from "./placed_step.ts";
import { type Spill, spilled } from "./placement.ts";
import { stepBytes } from "./step_bytes.ts";

/** The break-even of a far tier that is read side by side or ahead, as it is printed and computed. */
export const farShareFormula = formula("share = min(1, seconds * bandwidth / traffic)", {
  share: "of the bytes may lie far away",
  seconds: "that a step may take, if it takes less with all of them near",
  bandwidth: "bytes per second of the far tier",
  traffic: "bytes of the kind that a step reads",
});

/** A model on a device, with some of its bytes in a second tier. */
export interface SpilledDecode {
  readonly timePerOutputToken: Seconds;
  /** Of all sequences together. */
  readonly tokensPerSecond: TokensPerSecond;
  /** Compared with everything in the device's own memory, whether it fits there or not. */
  readonly slowdown: number;
  readonly bound: string;
  /** What the device's memory and the second tier hold. */
  readonly near: TierFootprint;
  readonly far: TierFootprint;
  readonly fits: boolean;
}

/** What a spilled decode is asked for. */
export interface SpillOptions {
  /** What is read ahead. Default "operator". */
  readonly overlap?: Overlap;
}

/**
 * How fast does a model decode, when shares of its weights and cache lie behind a link? Timed in the middle of the answer,
 * with the near memory filled up to the share that the deployment allows.
 *
 * @throws {RangeError} when a share or a value of the deployment or request is out of range.
 * @example The cache of one long sequence on a CXL card costs less than the weights
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findMemory, findMemoryLink, findModel } from "@fewer-bytes/catalog";
 * import { behind, spilledDecode } from "@fewer-bytes/memory";
 *
 * const deployment = { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") };
 * const card = behind(findMemory("micron-cz120"), findMemoryLink("pcie-5-x8"));
 * const request = { promptTokens: 8000, outputTokens: 200 };
 * const slowdown = (spill: { weights?: number; cache?: number }) =>
 *   spilledDecode(deployment, request, card, spill).slowdown;
 * assert(slowdown({ cache: 1 }) < 9 && slowdown({ weights: 1 }) > 90);
 * ```
 */
export function spilledDecode(
  deployment: Deployment,
  request: Request,
  far: Tier,
  spill: Spill,
  { overlap = "operator" }: SpillOptions = {},
): SpilledDecode {
  const { hardware, efficiency, memoryShare } = complete(deployment);
  const bytes = stepBytes(deployment, request);
  const time = (shares: Spill) =>
    placedStepTime(bytes.operators, hardware, spilled(hardware, far, shares), {
      overlap,
      efficiency,
    });
  const { seconds, bound } = time(spill);
  const placement = spilled(hardware, far, spill);
  const [own, second] = placedFootprint(placement, {
    weights: bytes.weights.footprint,
    cache: bytes.cache.footprint,
    activations: bytes.activations.footprint,
  });
  const near = { ...own!, fits: own!.total <= memoryShare * hardware.memory[0].capacity };
  return {
    timePerOutputToken: seconds,
    tokensPerSecond: (request.batch ?? 1) / seconds,
    slowdown: seconds / time({}).seconds,
    bound,
    near,
    far: second!,
    fits: near.fits && second!.fits,
  };
}

/** A point of a curve over shares. */
export interface SpillPoint extends SpilledDecode {
  readonly share: number;
}

/**
 * The points of a figure: how does decoding slow down, as more and more of the weights, or of the cache, lie in the second
 * tier?
 *
 * Read on demand, the time is (1 − f) W / near + f W / far, a straight line from the first byte on: over PCIe 5 one percent
 * of spilled weights costs an H100 half of its speed. Read side by side, nothing is lost until the far stream is the longer one, at
 * f = far / (near + far).
 *
 * @param kind What is spilled.
 * @param shares From 0 to 1.
 */
export function spillCurve(
  deployment: Deployment,
  request: Request,
  far: Tier,
  kind: "weights" | "cache",
  shares: readonly number[],
  options: SpillOptions = {},
): SpillPoint[] {
  return shares.map((share) => ({
    share,
    ...spilledDecode(deployment, request, far, { [kind]: share }, options),
  }));
}

/**
 * The break-even: which share of the weights, or of the cache, may lie in the second tier, so that a step takes no longer
 * than this? Found by halving, as a step only grows with what is spilled, once the far stream is the longer one.
 *
 * @param seconds For one token of each sequence: what still counts as acceptable.
 * @returns From 0 to 1; undefined when even without any spill a step takes longer.
 * @throws {RangeError} when the seconds are not above zero.
 * @example A reader is content with 20 tokens a second: how much of a 70B model in FP8 may lie behind CXL?
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findMemory, findMemoryLink, findModel } from "@fewer-bytes/catalog";
 * import { behind, largestFarShare } from "@fewer-bytes/memory";
 *
 * const deployment = {
 *   model: findModel("llama-3.1-70b"),
 *   hardware: findHardware("nvidia-h100-sxm"),
 *   formats: { weights: "fp8", cache: "fp8", activations: "bf16" },
 * } as const;
 * const card = behind({ name: "two CXL cards", capacity: 512e9, bandwidth: 72e9 }, findMemoryLink("pcie-5-x16"));
 * const request = { promptTokens: 1000, outputTokens: 200 };
 * const share = largestFarShare(deployment, request, card, "weights", 1 / 20)!;
 * assertAlmostEquals(share, 0.046, 0.001); // 64 GB/s x 50 ms are 3.2 GB of 70
 * ```
 */
export function largestFarShare(
  deployment: Deployment,
  request: Request,
  far: Tier,
  kind: "weights" | "cache",
  seconds: Seconds,
  options: SpillOptions = {},
): number | undefined {
  requirePositive(seconds, "find the largest share", "the seconds");
  const time = (share: number) =>
    spilledDecode(deployment, request, far, { [kind]: share }, options).timePerOutputToken;
  if (time(1) <= seconds) return 1;
  if (time(0) > seconds) return undefined;
  let [low, high] = [0, 1];
  for (let turn = 0; turn < 50; turn++) {
    const middle = (low + high) / 2;
    if (time(middle) <= seconds) low = middle;
    else high = middle;
  }
  return low;
}
