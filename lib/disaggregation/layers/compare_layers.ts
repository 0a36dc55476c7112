import { bytesPerValue, type Hardware, type Model } from "../../catalog/mod.ts";
import type { Efficiency } from "../../roofline/mod.ts";
import {
  cacheBytesPerToken,
  type Formats,
  halfPrecision,
  parameters,
} from "../../transformer/mod.ts";
import {
  type Bytes,
  requireAtLeast,
  requirePositive,
  type Seconds,
  type Tokens,
  type TokensPerSecond,
} from "../../units/mod.ts";
import { splitLayers, type SplitLayersResult } from "./split_layers.ts";
import { type LayerNetwork, wholeLayers, type WholeLayersResult } from "./whole_layers.ts";

/** A model, its traffic, and the devices that may be used. */
export interface LayerComparison {
  readonly model: Model;
  readonly formats?: Formats;
  readonly context: Tokens;
  /** The longest time between two tokens. */
  readonly timePerOutputToken: Seconds;
  readonly network: LayerNetwork;
  readonly efficiency?: Efficiency;
  /** The share of memory that may be filled. Default 0.9. */
  readonly memoryShare?: number;
  /** A server that has everything. */
  readonly whole: { readonly hardware: Hardware; readonly devices: number };
  readonly attention: Hardware;
  readonly feedForward: Hardware;
  /** What one device costs, in any unit. Default: all the same. */
  readonly prices?: {
    readonly whole: number;
    readonly attention: number;
    readonly feedForward: number;
  };
  /** What to try. */
  readonly tries?: {
    /** Devices of an attention server. Default 1, 2, 4, 8. */
    readonly attentionDevices?: readonly number[];
    /** Attention servers. Default 1 to 16. */
    readonly servers?: readonly number[];
    /** Default 8, 16, 32. */
    readonly feedForwardDevices?: readonly number[];
    /** Default 1 to 4, as in MegaScale-Infer. */
    readonly microBatches?: readonly number[];
  };
}

/** The best of the two, for each unit of price. */
export interface ComparedLayers {
  readonly whole: {
    readonly tensor: Best<WholeLayersResult> | undefined;
    readonly experts: Best<WholeLayersResult> | undefined;
  };
  readonly split: Best<SplitLayersResult> & { readonly plan: LayerPlan } | undefined;
  /** The split's tokens for a unit of price over those of whole layers: of each kind, and of the better one. */
  readonly gain: { readonly tensor: number; readonly experts: number; readonly best: number };
}

/** A result at the largest batch that keeps the promise and fits. */
export interface Best<Result> {
  readonly result: Result;
  /** Sequences on all devices. */
  readonly batch: number;
  readonly perPrice: TokensPerSecond;
}

/** A way to split layers. */
export interface LayerPlan {
  readonly attention: { readonly devices: number; readonly servers: number };
  readonly feedForward: { readonly devices: number };
  readonly microBatches: number;
}

/**
 * What does a split of attention and feed-forward win, when both ways may choose their batch and the split its shape?
 * MegaScale-Infer's question: tokens for each device (or for each unit of price) in decoding alone, at a promised time
 * between tokens.
 *
 * Each way takes the largest batch that keeps the promise and fits: caches lie beside all weights in whole layers, and
 * beside attention's weights alone in a split. Of a split, all shapes of `tries` are tried, as in the paper's Algorithm 1.
 * Experts are loaded evenly, and kernels, messages and the network reach their peaks; so the gain is the part of the
 * published one that follows from what is hidden and what fits.
 *
 * Source: Zhu et al., "MegaScale-Infer" (SIGCOMM 2025): 1.90 over TensorRT-LLM and 7.11 over vLLM for a model of 317
 * billion parameters on more than one machine; 1.28 and 2.56 for smaller ones within one machine.
 *
 * @returns A way that cannot keep the promise, or does not fit, is undefined, and gains over it are Infinity.
 * @throws {RangeError} when a value is out of range.
 * @example A slow network gives a split more to hide
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { compareLayers, findLink } from "@fewer-bytes/disaggregation";
 *
 * const hardware = findHardware("nvidia-a100-sxm-80gb");
 * const gain = (name: string) =>
 *   compareLayers({
 *     model: findModel("mixtral-8x22b"),
 *     context: 650,
 *     timePerOutputToken: 0.15,
 *     network: { inside: findLink("NVLink", hardware), between: findLink(name, hardware) },
 *     whole: { hardware, devices: 16 },
 *     attention: hardware,
 *     feedForward: hardware,
 *     tries: { attentionDevices: [1], servers: [4, 8], feedForwardDevices: [8], microBatches: [3, 4] },
 *   }).gain.experts;
 * assert(gain("infiniband-hdr") > gain("infiniband-xdr"));
 * ```
 */
export function compareLayers(setup: LayerComparison): ComparedLayers {
  const { timePerOutputToken, prices, tries = {}, network, context, model } = setup;
  const { formats = halfPrecision, memoryShare = 0.9, whole: all } = setup;
  requirePositive(timePerOutputToken, "compare layers", "timePerOutputToken");
  requirePositive(memoryShare, "compare layers", "memoryShare");
  requireAtLeast(context, 0, "compare layers", "context");
  const price = { whole: 1, attention: 1, feedForward: 1, ...prices };
  for (const [name, value] of Object.entries(price)) {
    requirePositive(value, "compare layers", `the price of ${name}`);
  }
  const shared = {
    model,
    formats,
    context,
    ...(setup.efficiency && { efficiency: setup.efficiency }),
  };
  const { feedForward, total } = parameters(model);
  const weights = bytesPerValue(formats.weights);
  const sequence = (devices: number) =>
    context * cacheBytesPerToken(model, { storage: formats.cache, devices });
  const room = ({ memory }: Hardware) => memoryShare * memory[0].capacity;
  const fits = (hardware: Hardware, held: Bytes, sequences: number, devices: number) =>
    held + sequences * sequence(devices) <= room(hardware);

  const wholeOf = (parallelism: "tensor" | "experts"): Best<WholeLayersResult> | undefined => {
    const { hardware, devices } = all;
    const alone = parallelism === "experts";
    const held = alone
      ? weights * (total - feedForward + feedForward / devices)
      : weights * total / devices;
    const run = (batch: number) =>
      wholeLayers({ ...shared, hardware, devices, parallelism, batch, network });
    const batch = largest(
      alone ? devices : 1,
      (batch) =>
        fits(hardware, held, alone ? Math.ceil(batch / devices) : batch, alone ? 1 : devices) &&
        run(batch).timePerOutputToken <= timePerOutputToken,
    );
    if (batch === 0) return undefined;
    const result = run(batch);
    return { result, batch, perPrice: result.tokensPerSecond / (devices * price.whole) };
  };

  const splitOf = (plan: LayerPlan): ComparedLayers["split"] => {
    const { servers, devices } = plan.attention;
    if (
      weights * feedForward / plan.feedForward.devices > room(setup.feedForward)
    ) return undefined;
    const held = weights * (total - feedForward) / devices;
    const run = (batch: number) =>
      splitLayers({
        ...shared,
        attention: { hardware: setup.attention, devices, servers },
        feedForward: { hardware: setup.feedForward, devices: plan.feedForward.devices },
        batch,
        microBatches: plan.microBatches,
        link: network.between,
        latency: network.latency ?? 0,
      });
    const batch = largest(
      plan.microBatches,
      (batch) =>
        fits(setup.attention, held, batch, devices) &&
        run(batch).timePerOutputToken <= timePerOutputToken,
    );
    if (batch === 0) return undefined;
    const result = run(batch);
    const cost = devices * servers * price.attention +
      plan.feedForward.devices * price.feedForward;
    return { result, plan, batch: batch * servers, perPrice: result.tokensPerSecond / cost };
  };

  const [tensor, experts] = [wholeOf("tensor"), wholeOf("experts")];
  const split = plansOf(tries).map(splitOf).reduce(
    (best, other) => (other?.perPrice ?? 0) > (best?.perPrice ?? 0) ? other : best,
    undefined,
  );
  const over = (...ways: (Best<WholeLayersResult> | undefined)[]) =>
    (split?.perPrice ?? 0) / Math.max(...ways.map((way) => way?.perPrice ?? 0));
  return {
    whole: { tensor, experts },
    split,
    gain: { tensor: over(tensor), experts: over(experts), best: over(tensor, experts) },
  };
}

function plansOf(tries: NonNullable<LayerComparison["tries"]>): LayerPlan[] {
  const {
    attentionDevices = [1, 2, 4, 8],
    servers = Array.from({ length: 16 }, (_, at) => at + 1),
    feedForwardDevices = [8, 16, 32],
    microBatches = [1, 2, 3, 4],
  } = tries;
  return attentionDevices.flatMap((devices) =>
    servers.flatMap((count) =>
      feedForwardDevices.flatMap((others) =>
        microBatches.map((pieces) => ({
          attention: { devices, servers: count },
          feedForward: { devices: others },
          microBatches: pieces,
        }))
      )
    )
  );
}

/** The largest whole number that is allowed, when all smaller ones are; 0 when the least is not. */
function largest(least: number, allowed: (count: number) => boolean): number {
  if (!allowed(least)) return 0;
  let low = least, high = 2 * least;
  while (high < 2 ** 24 && allowed(high)) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (allowed(middle)) low = middle;
    else high = middle;
  }
  return low;
}
