import type { Link } from "../../catalog/mod.ts";
import { parameters } from "../../transformer/mod.ts";
import {
  type FlopPerSecond,
  requireAtLeast,
  requirePositive,
  type Seconds,
  type TokensPerSecond,
} from "../../units/mod.ts";
import { zeroTraffic } from "../states/zero_traffic.ts";
import { type TrainingStep, trainingStep, type TrainingWork } from "./training_step.ts";

/** A step of all data-parallel devices. */
export interface DataParallelStep {
  readonly seconds: Seconds;
  /** Of each device by itself. */
  readonly own: TrainingStep;
  readonly communication: Seconds;
  /** What of it is waited for. */
  readonly exposed: Seconds;
  /** Of all devices together. */
  readonly tokensPerSecond: TokensPerSecond;
  /** The model's operations that each device does in a second. */
  readonly flopsPerDevice: FlopPerSecond;
  /** What a device reaches beside others, over what it reaches alone. */
  readonly efficiency: number;
}

/**
 * How fast do N devices learn together? Each computes its own batch; gradients and weights pass a link, as
 * {@linkcode zeroTraffic} counts. The bytes are those of the parameters and do not grow with the batch, while the
 * computation does: larger batches make it worthwhile. More devices leave each more memory for a larger batch.
 *
 * @param hidden The share of the computation during which the link is busy too: 0 (default) sends afterwards, 1 all along.
 * @throws {RangeError} when a value is out of range.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { dataParallelStep } from "@fewer-bytes/training";
 *
 * const step = (sequences: number) =>
 *   dataParallelStep({
 *     model: findModel("llama-2-7b"),
 *     hardware: findHardware("nvidia-a100-sxm-80gb"),
 *     batch: { sequences, tokens: 2048 },
 *     stage: 3,
 *     dataParallel: 64,
 *   }, { name: "25 GB/s", bandwidth: 25e9 });
 * assert(step(4).efficiency > 2 * step(1).efficiency);
 * ```
 */
export function dataParallelStep(
  work: TrainingWork,
  link: Link,
  hidden = 0,
): DataParallelStep {
  const { model, devices = 1, stage = 0, dataParallel = 1, microBatches = 1 } = work;
  requirePositive(link.bandwidth, "time data parallelism", `the bandwidth of ${link.name}`);
  requireAtLeast(hidden, 0, "time data parallelism", "the hidden share");
  if (hidden > 1) {
    throw new RangeError(
      `Cannot time data parallelism as the hidden share must be <= 1: current value is ${hidden}`,
    );
  }
  const own = trainingStep(work);
  const sent = zeroTraffic(parameters(model).total / devices, {
    stage,
    dataParallel,
    microBatches,
  });
  const communication = sent.total / (link.bandwidth * (work.efficiency?.link ?? 1));
  const exposed = Math.max(0, communication - hidden * own.seconds);
  const seconds = own.seconds + exposed;
  return {
    seconds,
    own,
    communication,
    exposed,
    tokensPerSecond: dataParallel * own.tokensPerSecond * own.seconds / seconds,
    flopsPerDevice: own.modelFlops / seconds,
    efficiency: own.seconds / seconds,
  };
}
