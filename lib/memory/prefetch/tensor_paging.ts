import type { Deployment, Request } from "../../roofline/mod.ts";
import { type Bytes, requireAtLeast, requireInteger, type Seconds } from "../../units/mod.ts";
import { stepBytes } from "../placement/step_bytes.ts";
import type { Tier } from "../tiers/tier.ts";
import { steadyRound } from "./buffered_schedule.ts";
import { layerStages } from "./layer_stages.ts";

/** A device whose memory holds a part of the model, and pages for the rest. */
export interface PagedDecode {
  /** The share of weights and cache that stays. */
  readonly resident: number;
  readonly timePerOutputToken: Seconds;
  /** Compared with everything resident. */
  readonly slowdown: number;
  /** What the device's memory holds: residents, pages, activations. */
  readonly local: Bytes;
  /** The share of local memory that is saved, compared with everything resident. */
  readonly saved: number;
}

/**
 * How much local memory does a model need, when its layers are paged in from a remote memory ahead of their use?
 *
 * FengHuang keeps weights and caches in a memory that all devices share, and prefetches tensors into a small local one. As
 * long as a layer is loaded no slower than the one before it is computed, nothing is lost, and the local memory needs to
 * hold only two layers. A slower remote memory needs residents: a share 1 − (remote bandwidth × layer time / layer bytes).
 *
 * What is paged is what a step reads. With a mixture of experts that takes for granted that the router's choice is known
 * a layer ahead. The resident share is one of everything; which layers stay makes no difference when they are alike.
 *
 * Source: Li et al., "FengHuang: Next-Generation Memory Orchestration for AI Inferencing" (arXiv 2511.10753, 2025).
 *
 * @param remote The remote memory, as one device sees it.
 * @param resident From 0 to 1.
 * @param buffers Layers in local memory beside the residents, the one in work included. Default 2.
 * @throws {RangeError} when a value is out of range.
 * @example A remote memory as fast as HBM hides all of its loads; one of a tenth is ten times as slow
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { pagedDecode } from "@fewer-bytes/memory";
 *
 * const deployment = { model: findModel("llama-3.1-70b"), hardware: findHardware("nvidia-h200-sxm") };
 * const request = { promptTokens: 1000, outputTokens: 100 };
 * const remote = (bandwidth: number) => ({ name: "remote", capacity: 1e12, bandwidth });
 * const paged = pagedDecode(deployment, request, remote(4.8e12), 0);
 * assertAlmostEquals(paged.slowdown, 1, 0.01);
 * assertAlmostEquals(paged.saved, 0.97, 0.01); // of 142 GB two pages stay, the larger of them the head
 * assertAlmostEquals(pagedDecode(deployment, request, remote(0.48e12), 0).slowdown, 10, 0.1);
 * ```
 */
export function pagedDecode(
  deployment: Deployment,
  request: Request,
  remote: Tier,
  resident: number,
  buffers = 2,
): PagedDecode {
  requireInteger(buffers, 1, "page layers", "buffers");
  const { promptTokens, outputTokens, batch = 1 } = request;
  const context = promptTokens + Math.floor((outputTokens - 1) / 2);
  const step = { phase: "decode", batch, newTokens: 1, context } as const;
  const stages = layerStages(deployment, step, remote, resident);
  const all = stages.reduce((sum, { compute }) => sum + compute, 0);
  const seconds = steadyRound(stages, buffers);
  const { weights, cache, activations } = stepBytes(deployment, request);
  const whole = weights.footprint + cache.footprint;
  const page = Math.max(...stages.map(({ loaded }) => loaded));
  const local = Math.min(whole, resident * whole + buffers * page) + activations.footprint;
  return {
    resident,
    timePerOutputToken: seconds,
    slowdown: seconds / all,
    local,
    saved: 1 - local / (whole + activations.footprint),
  };
}

/**
 * The least local memory with which a step is at most so much slower. Found by halving: more residents never slow a step.
 *
 * @param slowdown At least 1.
 * @throws {RangeError} when a value is out of range.
 */
export function smallestLocal(
  deployment: Deployment,
  request: Request,
  remote: Tier,
  slowdown: number,
  buffers = 2,
): PagedDecode {
  requireAtLeast(slowdown, 1, "find the smallest local memory", "the slowdown");
  const at = (resident: number) => pagedDecode(deployment, request, remote, resident, buffers);
  const meets = (paged: PagedDecode) => paged.slowdown <= slowdown * (1 + 1e-9);
  if (meets(at(0))) return at(0);
  let [low, high] = [0, 1];
  for (let turn = 0; turn < 40; turn++) {
    const middle = (low + high) / 2;
    if (meets(at(middle))) high = middle;
    else low = middle;
  }
  return at(high);
}
