import { bytesPerValue, layerCount } from "../../catalog/mod.ts";
import { halfPrecision, parameters, sumOperators } from "../../transformer/mod.ts";
import { type Bytes, type Flop, type FlopPerByte, requireInteger } from "../../units/mod.ts";
import { parameterStates } from "../states/parameter_states.ts";
import {
  backwardOperators,
  recomputedOperators,
  trainingForward,
} from "../steps/training_operators.ts";
import type { TrainingWork } from "../steps/training_step.ts";

/** What leaves a device for another memory in a step, when all of it lies elsewhere. */
export interface OffloadTraffic {
  /** Operations of the step, with what is computed again. */
  readonly flops: Flop;
  /** Weights come for each pass; gradients leave. */
  readonly parameters: Bytes;
  /** The optimizer's state, there and back, once in a step. */
  readonly optimizer: Bytes;
  /** Inputs of layers, away after the forward pass and back before the backward pass. */
  readonly activations: Bytes;
  /** Operations for each byte of each of these. */
  readonly intensity: {
    readonly parameters: FlopPerByte;
    readonly optimizer: FlopPerByte;
    readonly activations: FlopPerByte;
  };
}

/**
 * How many operations follow each byte that comes from another memory? Counted on the operator table; for a GPT model and
 * full recomputation it comes out as ZeRO-Infinity's closed forms: seq·bsz for weights and gradients (four passes of
 * 2 bytes each, for 8 operations a token), a quarter of it for the optimizer's 16 bytes there and back, 24·h·c for layer
 * inputs. Hence weights need the fastest of the slow paths, the optimizer four times as much but can be divided among all
 * devices, and activations are content with little.
 *
 * @param work `states` are by default those of "infinity", whose 16 bytes of the optimizer hold a 32-bit gradient too.
 * @param layersPerCheckpoint Layers between two inputs that are kept. Default 1.
 * @throws {RangeError} when a count is out of range.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { offloadTraffic } from "@fewer-bytes/training";
 *
 * const { intensity } = offloadTraffic({
 *   model: findModel("gpt-3-175b"),
 *   batch: { sequences: 2, tokens: 1024 },
 *   recompute: "layers",
 * });
 * assertAlmostEquals(intensity.parameters / 2048, 1, 0.02);
 * assertAlmostEquals(intensity.optimizer / 512, 1, 0.02);
 * assertAlmostEquals(intensity.activations / (24 * 12288), 1, 0.02);
 * ```
 */
export function offloadTraffic(
  work: Omit<TrainingWork, "hardware">,
  layersPerCheckpoint = 1,
): OffloadTraffic {
  const { model, batch, microBatches = 1, devices = 1, formats = halfPrecision } = work;
  const { attention = "fused", recompute = "nothing", states = parameterStates.infinity } = work;
  requireInteger(layersPerCheckpoint, 1, "count what is offloaded", "the layers per checkpoint");
  requireInteger(microBatches, 1, "count what is offloaded", "microBatches");
  const forward = trainingForward(model, batch, { formats, devices });
  const again = recomputedOperators(forward, recompute, attention === "fused");
  const { flops: each } = sumOperators([...forward, ...again, ...backwardOperators(forward)]);
  const flops = microBatches * each;
  const count = parameters(model).total / devices;
  const passes = recompute === "layers" ? 3 : 2;
  const weights = microBatches * count * (passes * states.weights + states.gradients);
  const optimizer = 2 * count * states.optimizer;
  const activations = 2 * microBatches * batch.sequences * batch.tokens * model.hiddenSize *
    bytesPerValue(formats.activations) * layerCount(model) / layersPerCheckpoint;
  return {
    flops,
    parameters: weights,
    optimizer,
    activations,
    intensity: {
      parameters: flops / weights,
      optimizer: flops / optimizer,
      activations: flops / activations,
    },
  };
}
