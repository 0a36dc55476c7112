import { complete, type Deployment, type Request } from "../../roofline/mod.ts";
import type { TokensPerSecond } from "../../units/mod.ts";
import type { Tier } from "../tiers/tier.ts";
import { bestPlacement, type PlacedOverlap } from "./best_placement.ts";
import { placedStepTime } from "./placed_step.ts";
import type { Shares } from "./placement.ts";
import { stepBytes } from "./step_bytes.ts";

/** A point of the figure of a placement. */
export interface PlacementPoint {
  readonly batch: number;
  /** Shares in each tier, the device's own first; absent where it does not fit. */
  readonly weights?: Shares;
  readonly cache?: Shares;
  /** With the best placement. */
  readonly tokensPerSecond?: TokensPerSecond;
  /** When pages of all kinds are spread over the tiers in proportion to what these hold, as without a plan. */
  readonly unplanned?: TokensPerSecond;
}

/**
 * The points of a figure: where do weights and cache lie best, as more sequences are served together, and what is it worth?
 *
 * Caches grow with the batch until they no longer fit beside the weights. From there on something must move to the far tier;
 * which of the two, follows from how often a byte of each is read.
 *
 * @param far The tiers of one device besides its memory.
 * @param batches In any order.
 * @throws {RangeError} when a value is out of range.
 */
export function placementCurve(
  deployment: Deployment,
  request: Omit<Request, "batch">,
  far: readonly Tier[],
  batches: readonly number[],
  overlap: PlacedOverlap = "step",
): PlacementPoint[] {
  const { hardware, memoryShare, efficiency } = complete(deployment);
  return batches.map((batch) => {
    const best = bestPlacement(deployment, { ...request, batch }, far, overlap);
    if (!best) return { batch };
    const { placement, tokensPerSecond } = best;
    const rooms = placement.tiers.map(({ capacity }, index) =>
      index === 0 ? memoryShare * capacity : capacity
    );
    const all = rooms.reduce((sum, room) => sum + room, 0);
    const spread = rooms.map((room) => room / all);
    const { seconds } = placedStepTime(
      stepBytes(deployment, { ...request, batch }).operators,
      hardware,
      { ...placement, weights: spread, cache: spread },
      { overlap, efficiency },
    );
    return {
      batch,
      weights: placement.weights as Shares,
      cache: placement.cache as Shares,
      tokensPerSecond,
      unplanned: batch / seconds,
    };
  });
}
