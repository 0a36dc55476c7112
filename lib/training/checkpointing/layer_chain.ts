import { bytesPerValue } from "../../catalog/mod.ts";
import { type Efficiency, ideal, stepTime } from "../../roofline/mod.ts";
import { halfPrecision } from "../../transformer/mod.ts";
import { type ActivationOptions, keptActivations } from "../activations/kept_activations.ts";
import {
  backwardOperators,
  recomputedOperators,
  trainingForward,
} from "../steps/training_operators.ts";
import type { TrainingWork } from "../steps/training_step.ts";
import type { Stage } from "./chain.ts";

/**
 * The layers of a model as a chain: what each takes forward and backward on a device, what goes into it, and what its
 * backward pass needs. Layers of one shape stand together, in the order of the model's groups.
 *
 * Embedding and head are not stages: they are computed once whatever the schedule.
 *
 * @throws {RangeError} when a value is out of range.
 * @example The tape of a layer of Llama-2-7B is 16 times its input
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { layerChain } from "@fewer-bytes/training";
 *
 * const chain = layerChain({
 *   model: findModel("llama-2-7b"),
 *   hardware: findHardware("nvidia-a100-sxm-80gb"),
 *   batch: { sequences: 1, tokens: 4096 },
 * });
 * assertEquals(chain.length, 32);
 * assertAlmostEquals(chain[0]!.tape! / chain[0]!.input, 16.1, 0.1);
 * ```
 */
export function layerChain(
  work: Pick<
    TrainingWork,
    "model" | "hardware" | "batch" | "devices" | "formats" | "attention" | "efficiency"
  >,
  options: Pick<ActivationOptions, "dropout" | "splitSequence"> = {},
): Stage[] {
  const { model, hardware, batch, devices = 1, formats = halfPrecision } = work;
  const { attention = "fused", efficiency = ideal } = work;
  const { splitSequence = false } = options;
  const input = batch.sequences * batch.tokens * model.hiddenSize *
    bytesPerValue(formats.activations) / (splitSequence ? devices : 1);
  return model.layers.flatMap((group) => {
    const one = { ...model, layers: [{ ...group, count: 1 }] };
    const rows = trainingForward(one, batch, { formats, devices }).filter(({ name }) =>
      !["embedding", "final norm", "head"].includes(name)
    );
    const time = (table: typeof rows, at: Efficiency = efficiency) =>
      stepTime(table, hardware, at).seconds;
    const again = recomputedOperators(rows, "nothing", attention === "fused");
    const kept = keptActivations(one, batch, {
      ...options,
      attention,
      devices,
      format: formats.activations,
    }).reduce((sum, { bytes, inLayers }) => sum + (inLayers ? bytes : 0), 0);
    // The first norm keeps the layer's input, which the layer before it gave: count the output in its place.
    const stage = {
      forward: time(rows),
      backward: time([...again, ...backwardOperators(rows)]),
      input,
      tape: kept,
    };
    return Array.from({ length: group.count }, () => stage);
  });
}
