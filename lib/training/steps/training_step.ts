import type { Hardware, Model } from "../../catalog/mod.ts";
import { type Efficiency, ideal, peakRate, type StepTime, stepTime } from "../../roofline/mod.ts";
import { type Formats, halfPrecision, parameters, sumOperators } from "../../transformer/mod.ts";
import { type Flop, requireInteger, type Seconds, type TokensPerSecond } from "../../units/mod.ts";
import type { Recompute } from "../activations/activation_bytes.ts";
import type { MicroBatch } from "../activations/kept_activations.ts";
import { updateTraffic } from "../states/parameter_states.ts";
import { parameterStates } from "../states/parameter_states.ts";
import type { Sharding } from "../states/state_bytes.ts";
import {
  backwardOperators,
  modelFlops,
  recomputedOperators,
  trainingForward,
  updateOperator,
} from "./training_operators.ts";

/** What one device, or a group that splits each layer, does between two updates of the weights. */
export interface TrainingWork extends Sharding {
  readonly model: Model;
  readonly hardware: Hardware;
  readonly batch: MicroBatch;
  /** Batches computed one after the other before an update. Default 1. */
  readonly microBatches?: number;
  /** Devices that split every layer. Default 1. */
  readonly devices?: number;
  readonly formats?: Formats;
  /**
   * Default "fused". With "scores" they are kept and not made again; that they pass main memory is not counted, which
   * flatters it: see the chapter on FlashAttention.
   */
  readonly attention?: "scores" | "fused";
  readonly recompute?: Recompute;
  /** The share of each peak that is reached. Default: all of it, which is a bound and not a forecast. */
  readonly efficiency?: Efficiency;
}

/** What a training step takes, without what data-parallel devices send each other. */
export interface TrainingStep {
  readonly seconds: Seconds;
  readonly forward: StepTime;
  readonly recomputed: StepTime;
  readonly backward: StepTime;
  readonly update: StepTime;
  /** On one device: the products that the model asks for, and all operations that were done. */
  readonly modelFlops: Flop;
  readonly hardwareFlops: Flop;
  /** Of the group that splits the layers. */
  readonly tokensPerSecond: TokensPerSecond;
  /** The model's operations over what the device could have done in the time: MFU. */
  readonly modelUtilization: number;
  /** The same with what was computed twice: HFU. */
  readonly hardwareUtilization: number;
}

/**
 * How long does a training step take, and what share of the peak does it reach? Forward, what is computed again, backward
 * and the update, each a table of operators on the roofline.
 *
 * Causal attention counts the pairs that are computed, half of all. Some published utilizations count all pairs, which
 * raises theirs by up to a factor of two where sequences are long.
 *
 * @throws {RangeError} when a value is out of range, or layers are split and the hardware has no link.
 * @example Recomputation lowers what counts by a quarter, and not what the device does
 * ```ts
 * import { assert, assertAlmostEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { trainingStep } from "@fewer-bytes/training";
 *
 * const work = {
 *   model: findModel("llama-2-7b"),
 *   hardware: findHardware("nvidia-a100-sxm-80gb"),
 *   batch: { sequences: 4, tokens: 2048 },
 *   efficiency: { compute: 0.6, memory: 0.8, link: 0.8 },
 * };
 * const [kept, again] = [trainingStep(work), trainingStep({ ...work, recompute: "layers" })];
 * assertAlmostEquals(again.modelUtilization / kept.modelUtilization, 0.76, 0.01);
 * assert(again.hardwareUtilization > 0.5 && kept.modelUtilization < 0.6);
 * ```
 */
export function trainingStep(work: TrainingWork): TrainingStep {
  const { model, hardware, batch, microBatches = 1, devices = 1 } = work;
  const { formats = halfPrecision, attention = "fused", recompute = "nothing" } = work;
  const { efficiency = ideal, states = parameterStates.mixed, dataParallel = 1, stage = 0 } = work;
  requireInteger(microBatches, 1, "time a training step", "microBatches");
  const rows = trainingForward(model, batch, { formats, devices });
  const again = recomputedOperators(rows, recompute, attention === "fused");
  const back = backwardOperators(rows);
  const share = stage >= 1 ? dataParallel : 1;
  const updated = [
    updateOperator(parameters(model).total / devices / share, updateTraffic(states)),
  ];
  const time = (table: typeof rows) => stepTime(table, hardware, efficiency);
  const [forward, recomputed, backward, update] = [rows, again, back, updated].map(time) as [
    StepTime,
    StepTime,
    StepTime,
    StepTime,
  ];
  const seconds = microBatches * (forward.seconds + recomputed.seconds + backward.seconds) +
    update.seconds;
  const needed = microBatches * modelFlops(rows);
  const done = microBatches * sumOperators([...rows, ...again, ...back]).flops;
  const possible = seconds * peakRate(hardware, formats.activations);
  return {
    seconds,
    forward,
    recomputed,
    backward,
    update,
    modelFlops: needed,
    hardwareFlops: done,
    tokensPerSecond: microBatches * batch.sequences * batch.tokens / seconds,
    modelUtilization: needed / possible,
    hardwareUtilization: done / possible,
  };
}
