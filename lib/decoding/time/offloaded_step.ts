import { hostLink } from "../../cache/mod.ts";
import { layerCount } from "../../catalog/mod.ts";
import { complete, type Deployment } from "../../roofline/mod.ts";
import { cacheBytes } from "../../transformer/mod.ts";
import { requireInteger, type Seconds, type Tokens } from "../../units/mod.ts";
import { decodeSeconds, type RoundPlace } from "./speculative_round.ts";

/** How much of the caches lies on the host. */
export interface OffloadedLayers {
  /** Layers whose caches lie there. Default: all. */
  readonly layers?: number;
  /** The share of the link's rate that is reached. Default 1. */
  readonly linkShare?: number;
}

/**
 * How long does a step take when caches come from the host? They stream over the link of each device while it computes, and
 * the slower of the two decides: nearly always the link. New tokens share the stream, so that a step for seventeen takes no
 * longer than a step for one: nothing gains as much from drafts as what has been offloaded.
 *
 * @param newTokens Tokens computed for each sequence. Default 1.
 * @throws {RangeError} when there are not so many layers, or the hardware has no link to a host.
 * @example TriForce's setting: 23 of 32 layers away
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { offloadedSeconds } from "@fewer-bytes/decoding";
 *
 * const deployment = { model: findModel("llama-2-7b"), hardware: findHardware("nvidia-rtx-4090"), devices: 2 };
 * const [one, many] = [1, 17].map((tokens) => offloadedSeconds(deployment, { context: 130_048 }, { layers: 23 }, tokens));
 * assertAlmostEquals(one!, 0.766, 0.001); // 49 GB over two links of 32 GB/s
 * assertAlmostEquals(many! / one!, 1, 0.001);
 * ```
 */
export function offloadedSeconds(
  deployment: Deployment,
  place: RoundPlace,
  { layers, linkShare = 1 }: OffloadedLayers = {},
  newTokens: Tokens = 1,
): Seconds {
  const { model, hardware, devices, formats, cache, reads } = complete(deployment);
  const all = layerCount(model);
  requireInteger(layers ?? all, 0, "offload caches", "layers");
  if (layers !== undefined && layers > all) {
    throw new RangeError(
      `Cannot offload caches as layers must be <= ${all}: current value is ${layers}`,
    );
  }
  if (!(linkShare > 0 && linkShare <= 1)) {
    throw new RangeError(
      `Cannot offload caches as the share of the link must be above 0 and at most 1: current value is ${linkShare}`,
    );
  }
  const { batch = 1, context } = place;
  const bytes = (layers ?? all) / all * batch *
    cacheBytes(model, context, { storage: formats.cache, devices, method: cache, reads });
  return Math.max(
    decodeSeconds(deployment, place, newTokens),
    bytes / (hostLink(hardware) * linkShare),
  );
}
