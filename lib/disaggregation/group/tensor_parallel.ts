import { complete, type Deployment, operatorOptions, stepTime } from "../../roofline/mod.ts";
import { operators, type Step } from "../../transformer/mod.ts";
import { requireAtLeast, type Seconds } from "../../units/mod.ts";

/** What a group of devices makes of one step. */
export interface TensorParallelStep {
  readonly devices: number;
  readonly seconds: Seconds;
  /** What each device computes and reads, and what it sends. */
  readonly own: Seconds;
  readonly communication: Seconds;
  /** Compared with one device; and that divided by the devices. */
  readonly speedup: number;
  readonly efficiency: number;
}

/**
 * How much faster is a step, when devices split every layer? Weights, cache and arithmetic are divided; twice in each
 * layer the devices add up their parts of the hidden state, in a ring of the fastest link.
 *
 * The operator table counts the bytes of the ring; the messages, 2 · 2(n − 1) in each layer, come on top.
 *
 * @param latency Seconds to start one message. Default 0.
 * @throws {RangeError} when the heads cannot be split so, or the hardware has no link.
 * @example A prompt scales better than a token
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { tensorParallelStep } from "@fewer-bytes/disaggregation";
 *
 * const deployment = { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm"), devices: 8 };
 * const token = { phase: "decode", batch: 1, newTokens: 1, context: 1000 } as const;
 * assert(tensorParallelStep(deployment, token).efficiency > 0.9); // by bytes alone
 * assert(tensorParallelStep(deployment, token, 2e-6).efficiency < 0.4);
 * ```
 */
export function tensorParallelStep(
  deployment: Deployment,
  step: Step,
  latency: Seconds = 0,
): TensorParallelStep {
  requireAtLeast(latency, 0, "time a tensor-parallel step", "the latency");
  const full = complete(deployment);
  const { model, hardware, devices, efficiency } = full;
  const time = (count: number) =>
    stepTime(
      operators(model, step, operatorOptions({ ...full, devices: count })),
      hardware,
      efficiency,
    );
  const group = time(devices);
  const layers = model.layers.reduce((sum, { count }) => sum + count, 0);
  const communication = group.waiting.link + layers * 2 * 2 * (devices - 1) * latency;
  const own = group.seconds - group.waiting.link;
  const seconds = own + communication;
  const speedup = time(1).seconds / seconds;
  return { devices, seconds, own, communication, speedup, efficiency: speedup / devices };
}
