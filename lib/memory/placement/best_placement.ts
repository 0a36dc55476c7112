import { complete, type Deployment, type Request } from "../../roofline/mod.ts";
import type { Seconds, TokensPerSecond } from "../../units/mod.ts";
import { mainMemory, type Tier } from "../tiers/tier.ts";
import { balanceStreams } from "./balance_streams.ts";
import { fillInOrder } from "./fill_order.ts";
import { placedStepTime } from "./placed_step.ts";
import type { Placement } from "./placement.ts";
import { stepBytes } from "./step_bytes.ts";

/** How tiers are read, of which the best placement is known. */
export type PlacedOverlap = "none" | "step";

/** A deployment whose bytes have been placed. */
export interface PlacedDecode {
  readonly placement: Placement;
  readonly timePerOutputToken: Seconds;
  /** Of all sequences together. */
  readonly tokensPerSecond: TokensPerSecond;
}

/**
 * How fast does a model decode on a device with more tiers than its own memory, when weights and cache lie where they lie
 * best? {@linkcode fillInOrder} for tiers that are read on demand, {@linkcode balanceStreams} for tiers that stream side by
 * side. Activations stay in the device's memory, which is filled up to the share that the deployment allows.
 *
 * @param far The tiers of one device besides its memory; none is the plain device.
 * @returns Undefined when it does not fit.
 * @throws {RangeError} when a value is out of range.
 * @example Experts go far, the cache stays near
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { findHardware, findMemory, findMemoryLink, findModel } from "@fewer-bytes/catalog";
 * import { behind, bestPlacement } from "@fewer-bytes/memory";
 *
 * const deployment = { model: findModel("mixtral-8x7b"), hardware: findHardware("nvidia-h100-sxm") };
 * const request = { promptTokens: 2000, outputTokens: 200, batch: 2 };
 * assertEquals(bestPlacement(deployment, request, []), undefined); // 93 GB
 * const card = behind(findMemory("micron-cz120"), findMemoryLink("pcie-5-x8"));
 * const { weights, cache } = bestPlacement(deployment, request, [card], "none")!.placement;
 * assertEquals(cache, [1, 0]);
 * assert(Array.isArray(weights) && weights[1]! > 0.2 && weights[1]! < 0.3);
 * ```
 */
export function bestPlacement(
  deployment: Deployment,
  request: Request,
  far: readonly Tier[],
  overlap: PlacedOverlap = "step",
): PlacedDecode | undefined {
  const { hardware, memoryShare, efficiency } = complete(deployment);
  const bytes = stepBytes(deployment, request);
  const main = mainMemory(hardware);
  const room = memoryShare * main.capacity - bytes.activations.footprint;
  const needed = bytes.weights.footprint + bytes.cache.footprint;
  if (room <= 0 || needed > far.reduce((sum, { capacity }) => sum + capacity, room)) return;
  const tiers = [{ ...main, capacity: room }, ...far];
  const { shares } = overlap === "step"
    ? balanceStreams(tiers, bytes)
    : fillInOrder(tiers, [bytes.weights, bytes.cache]);
  const placement: Placement = {
    tiers: [main, ...far],
    weights: shares[0]!,
    cache: shares[1]!,
  };
  const { seconds } = placedStepTime(bytes.operators, hardware, placement, { overlap, efficiency });
  return {
    placement,
    timePerOutputToken: seconds,
    tokensPerSecond: (request.batch ?? 1) / seconds,
  };
}
