import type { Hardware, Model } from "../../catalog/mod.ts";
import { parameters } from "../../transformer/mod.ts";
import { type Bytes, requireInteger, requirePositive } from "../../units/mod.ts";
import {
  type ActivationBytes,
  activationBytes,
  type Recompute,
} from "../activations/activation_bytes.ts";
import type { ActivationOptions, MicroBatch } from "../activations/kept_activations.ts";
import { type Sharding, type StateBytes, stateBytes } from "./state_bytes.ts";

/** A model in training on some devices. */
export interface TrainingPlace extends ActivationOptions, Sharding {
  readonly model: Model;
  readonly hardware: Hardware;
  readonly batch: MicroBatch;
  readonly recompute?: Recompute;
  /** The share of memory that may be filled. Default 0.9. */
  readonly memoryShare?: number;
}

/** What must fit on each device. */
export interface TrainingFootprint {
  readonly states: StateBytes;
  readonly activations: ActivationBytes;
  readonly total: Bytes;
  readonly capacity: Bytes;
  readonly fits: boolean;
}

/**
 * Does a model fit while it learns? States, which do not care how much is learned at once, and activations, which do. In
 * training they are of one size; in inference there were only weights and a cache.
 *
 * States are divided among the devices that split each layer, and then as ZeRO's stage says. Buffers, fragments and the
 * layer that stage 3 gathers are left to `memoryShare`.
 *
 * @throws {RangeError} when a value is out of range.
 * @example Seven billion parameters need 108 GB of states: no H100 has them, and 8 with stage 3 do
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { trainingFootprint } from "@fewer-bytes/training";
 *
 * const place = {
 *   model: findModel("llama-2-7b"),
 *   hardware: findHardware("nvidia-h100-sxm"),
 *   batch: { sequences: 1, tokens: 4096 },
 * };
 * assertEquals(trainingFootprint(place).fits, false);
 * assertEquals(trainingFootprint({ ...place, stage: 3, dataParallel: 8 }).fits, true);
 * ```
 */
export function trainingFootprint(place: TrainingPlace): TrainingFootprint {
  const { model, hardware, batch, devices = 1, memoryShare = 0.9 } = place;
  requireInteger(devices, 1, "size training", "devices");
  requirePositive(memoryShare, "size training", "memoryShare");
  if (memoryShare > 1) {
    throw new RangeError(
      `Cannot size training as memoryShare must be <= 1: current value is ${memoryShare}`,
    );
  }
  const states = stateBytes(parameters(model).total / devices, place);
  const activations = activationBytes(model, batch, place);
  const total = states.total + activations.total;
  const capacity = memoryShare * hardware.memory[0].capacity;
  return { states, activations, total, capacity, fits: total <= capacity };
}

/**
 * How many sequences can a device compute at once? More devices leave less state on each, and so more room: this is why
 * throughput may grow faster than the number of devices.
 *
 * @returns A whole number; 0 when not even one sequence fits.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { largestMicroBatch } from "@fewer-bytes/training";
 *
 * const place = { model: findModel("llama-2-7b"), hardware: findHardware("nvidia-h100-sxm"), stage: 3 } as const;
 * const on = (dataParallel: number) => largestMicroBatch({ ...place, dataParallel }, 4096);
 * assert(on(64) > on(4));
 * ```
 */
export function largestMicroBatch(place: Omit<TrainingPlace, "batch">, tokens: number): number {
  const need = (sequences: number) => trainingFootprint({ ...place, batch: { sequences, tokens } });
  const one = need(1);
  // Activations grow with each sequence by the same number of bytes.
  return Math.max(0, Math.floor((one.capacity - one.states.total) / one.activations.total));
}
