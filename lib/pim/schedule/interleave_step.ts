import { layerCount, type Model } from "../../catalog/mod.ts";
import { type Efficiency, ideal, operatorTime } from "../../roofline/mod.ts";
import { type Formats, type Operator, operators } from "../../transformer/mod.ts";
import { requireInteger, type Seconds, type Tokens } from "../../units/mod.ts";
import type { PimPair } from "../assignment/assign_operators.ts";
import { type PimLayout, pimTime } from "../device/pim_time.ts";
import {
  scheduleSubBatches,
  type SubBatch,
  type SubBatchSchedule,
} from "./schedule_sub_batches.ts";

/** A decode step of a batch. */
export interface BatchedStep {
  readonly model: Model;
  readonly batch: number;
  readonly context: Tokens;
  /** Default: 16 bits for everything. */
  readonly formats?: Formats;
  /** Into how many sub-batches the batch is cut. Default 2. */
  readonly subBatches?: number;
}

/** The step in four ways. */
export interface InterleavedStep {
  /** Everything on the processor. */
  readonly processorOnly: Seconds;
  /** Attention in memory, one batch, one thing at a time: what blocked banks allow. */
  readonly serial: Seconds;
  /** Cut into sub-batches although the banks are blocked: weights are read for each. */
  readonly blocked: SubBatchSchedule;
  /** Cut into sub-batches that use both at once. */
  readonly concurrent: SubBatchSchedule;
}

/** How it is timed. */
export interface InterleaveOptions {
  readonly efficiency?: Efficiency;
  readonly layout?: PimLayout;
}

/**
 * Does it pay to cut a batch in two, so that one half is in memory while the other is on the processor?
 *
 * It hides the shorter of the two behind the longer. But the weights are read once for each half: as long as the
 * processor waits for its weights, a product takes as long for half a batch as for all of it, and cutting doubles it. So
 * it pays only for batches beyond the ridge, or where attention takes longer than the products do twice. (NeuPIMs
 * itself turns it on from 256 sequences.)
 *
 * @throws {RangeError} when there are more sub-batches than sequences.
 * @example For GPT-3's smaller sister 32 sequences are too few, 512 are enough
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel, findPim } from "@fewer-bytes/catalog";
 * import { interleaveStep } from "@fewer-bytes/pim";
 *
 * const pair = { processor: findHardware("nvidia-a100-sxm-40gb"), device: findPim("neupims-memory") };
 * const gain = (batch: number) => {
 *   const { serial, concurrent } = interleaveStep({ model: findModel("opt-6.7b"), batch, context: 512 }, pair);
 *   return serial / concurrent.seconds;
 * };
 * assert(gain(32) < 0.7 && gain(512) > 1.1);
 * ```
 */
export function interleaveStep(
  { model, batch, context, formats, subBatches = 2 }: BatchedStep,
  { processor, device }: PimPair,
  { efficiency = ideal, layout }: InterleaveOptions = {},
): InterleavedStep {
  requireInteger(batch, 1, "interleave", "the batch");
  requireInteger(subBatches, 1, "interleave", "the number of sub-batches");
  if (subBatches > batch) {
    throw new RangeError(
      `Cannot interleave as the sub-batches must be at most the batch, ${batch}: current value is ${subBatches}`,
    );
  }
  const layers = layerCount(model);
  const table = (size: number) =>
    operators(
      model,
      { phase: "decode", batch: size, newTokens: 1, context },
      formats ? { formats } : {},
    );
  const onProcessor = (row: Operator) => operatorTime(row, processor, efficiency).seconds;
  const times = (size: number): SubBatch => {
    let outside = 0, inside = 0;
    for (const row of table(size)) {
      if (row.name === "attention") inside += pimTime(row, device, layout).seconds;
      else outside += onProcessor(row);
    }
    return { processor: outside / layers, memory: inside / layers };
  };
  const whole = times(batch);
  const parts = Array.from(
    { length: subBatches },
    (_, index) => times(Math.floor((batch + index) / subBatches)),
  );
  return {
    processorOnly: table(batch).reduce((sum, row) => sum + onProcessor(row), 0),
    serial: layers * (whole.processor + whole.memory),
    blocked: scheduleSubBatches(parts, layers, false),
    concurrent: scheduleSubBatches(parts, layers, true),
  };
}
