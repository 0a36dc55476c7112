import { type Tier, tierBandwidth } from "../../memory/mod.ts";
import {
  complete,
  type Deployment,
  footprint,
  operatorOptions,
  stepTime,
  weightBytes,
} from "../../roofline/mod.ts";
import { layerCount } from "../../catalog/mod.ts";
import { operators } from "../../transformer/mod.ts";
import { type Bytes, requireInteger, type Seconds, type TokensPerSecond } from "../../units/mod.ts";

/** Memory that is shared out between weights that stay and sequences. */
export interface PinnedPoint {
  /** The share of the weights that stays on the device. */
  readonly pinned: number;
  /** Sequences for which there is room left. */
  readonly batch: number;
  /** Of one step: weights that come in, and arithmetic. */
  readonly loading: Seconds;
  readonly computing: Seconds;
  readonly tokensPerSecond: TokensPerSecond;
}

/** How layers are streamed. */
export interface StreamOptions {
  /** Whether the next layer is loaded while one computes. Default true. */
  readonly prefetch?: boolean;
  /** Devices that each load a part over a link of their own, and exchange parts among them. Default 1. */
  readonly links?: number;
}

/**
 * What is the memory of a device better used for, weights that stay or sequences? ZeRO-Inference streams all weights layer by
 * layer: the device holds two layers and as many sequences as fit. A weight that stays saves its loading in every step; the
 * room that it takes is room for sequences, among which the loading of all the others is shared.
 *
 * tokens/s = batch / max(loading, computing). While loading decides, pinning a share f saves a factor 1 − f of it, and costs
 * f × weights of room: where weights are many times the memory, that is nearly all of the batch for nearly nothing.
 *
 * @param remote Where the other weights lie, as the device sees it.
 * @param pinned Shares from 0 to 1.
 * @returns A point for each share; with a batch of 0 where nothing fits.
 * @throws {RangeError} when a share is not from 0 to 1, a bandwidth is not above zero, or a count is out of range.
 * @example OPT-30B on a V100 of 32 GB: everything streamed is best
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findMemoryLink, findModel } from "@fewer-bytes/catalog";
 * import { behind } from "@fewer-bytes/memory";
 * import { pinnedOrBatch } from "@fewer-bytes/offload";
 *
 * const host = behind({ name: "DDR4", capacity: 1.5e12, bandwidth: 200e9 }, findMemoryLink("pcie-3-x16"));
 * const deployment = { model: findModel("opt-30b"), hardware: findHardware("nvidia-v100-sxm-32gb") };
 * const [none, third, more] = pinnedOrBatch(deployment, { promptTokens: 512, outputTokens: 32 }, host, [0, 1 / 3, 0.4]);
 * assert(none!.tokensPerSecond > 2.5 * third!.tokensPerSecond && third!.tokensPerSecond > more!.tokensPerSecond);
 * ```
 */
export function pinnedOrBatch(
  deployment: Deployment,
  request: { readonly promptTokens: number; readonly outputTokens: number },
  remote: Tier,
  pinned: readonly number[],
  { prefetch = true, links = 1 }: StreamOptions = {},
): PinnedPoint[] {
  requireInteger(links, 1, "stream layers", "links");
  const full = complete(deployment);
  const { model, hardware, formats, memoryShare, efficiency } = full;
  const weights = weightBytes(model, formats);
  const rate = links * tierBandwidth(remote) * efficiency.link;
  const layers = layerCount(model);
  const context = request.promptTokens + Math.floor((request.outputTokens - 1) / 2);
  return pinned.map((share) => {
    if (!(share >= 0 && share <= 1)) {
      throw new RangeError(
        `Cannot stream layers as the share that is pinned must be from 0 to 1: current value is ${share}`,
      );
    }
    const held = share * weights + 2 * (1 - share) * weights / layers;
    const room = memoryShare * hardware.memory[0].capacity - held;
    const batch = largest(room, (count) => {
      const { cache, activations } = footprint(deployment, { ...request, batch: count });
      return cache + activations;
    });
    const loading = (1 - share) * weights / rate;
    if (batch === 0) return { pinned: share, batch, loading, computing: 0, tokensPerSecond: 0 };
    const step = { phase: "decode", batch, newTokens: 1, context } as const;
    const rows = operators(model, step, operatorOptions(full));
    const computing = stepTime(rows, hardware, efficiency).seconds;
    const seconds = prefetch ? Math.max(loading, computing) : loading + computing;
    return { pinned: share, batch, loading, computing, tokensPerSecond: batch / seconds };
  });
}

/** The largest count whose bytes fit. */
function largest(room: Bytes, bytes: (count: number) => Bytes): number {
  if (bytes(1) > room) return 0;
  let low = 1, high = 2;
  while (high < 2 ** 31 && bytes(high) <= room) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (bytes(middle) <= room) low = middle;
    else high = middle;
  }
  return low;
}
