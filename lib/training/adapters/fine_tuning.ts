import { bytesPerValue, type Hardware, type Model, type Storage } from "../../catalog/mod.ts";
import { parameters } from "../../transformer/mod.ts";
import type { Bytes } from "../../units/mod.ts";
import { activationBytes, type Recompute } from "../activations/activation_bytes.ts";
import type { ActivationOptions, MicroBatch } from "../activations/kept_activations.ts";
import { type ParameterStates, parameterStates } from "../states/parameter_states.ts";
import { type Adapters, countAdapters } from "./adapter_count.ts";

/** A way to teach a model something new: all of its weights, or adapters beside frozen ones. */
export interface FineTuning {
  readonly name: string;
  /** Absent: all weights are trained. */
  readonly adapters?: Adapters;
  /** Of frozen weights. Default bf16; {format: "int4", …} is QLoRA. */
  readonly frozen?: Storage;
  /** Of what is trained. Default: {@linkcode parameterStates}.mixed. */
  readonly states?: ParameterStates;
}

/** What fine-tuning holds in memory. */
export interface FineTuningFootprint {
  /** Weights that are only read. */
  readonly frozen: Bytes;
  /** Weights, gradients and optimizer of what is trained. */
  readonly states: Bytes;
  readonly activations: Bytes;
  readonly total: Bytes;
}

/**
 * What does fine-tuning take in memory? Full training holds 16 bytes for each weight. LoRA trains less than a hundredth of
 * them, so that states all but vanish and the frozen weights stay: 2 bytes each, or half a byte in 4 bits. Activations
 * stay too: a gradient must pass every layer to reach the adapters of the first. Only the inputs of frozen matrices
 * without an adapter need not be kept.
 *
 * @throws {RangeError} when a matrix or a count is unknown.
 * @example Of 16 bytes a weight, LoRA leaves 2: a seven-billion model with its activations on one 24 GB card
 * ```ts
 * import { assert } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { fineTuningFootprint } from "@fewer-bytes/training";
 *
 * const model = findModel("llama-2-7b"), batch = { sequences: 1, tokens: 2048 };
 * const full = fineTuningFootprint(model, { name: "full" }, batch, { recompute: "layers" });
 * const lora = fineTuningFootprint(model, { name: "LoRA", adapters: { rank: 8 } }, batch, { recompute: "layers" });
 * assert(full.total > 107e9 && lora.total < 15e9);
 * ```
 */
export function fineTuningFootprint(
  model: Model,
  method: FineTuning,
  batch: MicroBatch,
  options: ActivationOptions & { readonly recompute?: Recompute } = {},
): FineTuningFootprint {
  const { total: weights } = parameters(model);
  const { adapters, frozen: storage = "bf16", states = parameterStates.mixed } = method;
  const each = states.weights + states.gradients + states.optimizer;
  if (!adapters) {
    const activations = activationBytes(model, batch, options).total;
    return sum(0, weights * each, activations);
  }
  const { trained, inner } = countAdapters(model, adapters);
  const matrices = adapters.matrices ?? ["queries", "values"];
  const kept = activationBytes(model, batch, {
    ...options,
    trained: (matrix) => matrices.includes(matrix),
  });
  const between = options.recompute === "layers" ? 0 : inner;
  const activations = kept.total +
    batch.sequences * batch.tokens * between * bytesPerValue(options.format ?? "bf16");
  return sum(weights * bytesPerValue(storage), trained * each, activations);
}

/** One cell of the table of {@linkcode whatFits}. */
export interface Fit extends FineTuningFootprint {
  readonly model: Model;
  readonly hardware: Hardware;
  readonly method: FineTuning;
  readonly fits: boolean;
}

/**
 * Which models can be fine-tuned on which single device, and how? Every combination, for a table of what a method newly
 * makes possible.
 *
 * @param options As for {@linkcode fineTuningFootprint}; `memoryShare` of each memory may be filled, default 0.9.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { whatFits } from "@fewer-bytes/training";
 *
 * const table = whatFits({
 *   models: [findModel("llama-3.2-1b"), findModel("llama-3.1-8b")],
 *   hardware: [findHardware("nvidia-rtx-4090")],
 *   methods: [{ name: "full" }, { name: "LoRA", adapters: { rank: 16 } }],
 *   batch: { sequences: 1, tokens: 1024 },
 * }, { recompute: "layers" });
 * assertEquals(table.map(({ fits }) => fits), [true, true, false, true]);
 * ```
 */
export function whatFits(question: {
  readonly models: readonly Model[];
  readonly hardware: readonly Hardware[];
  readonly methods: readonly FineTuning[];
  readonly batch: MicroBatch;
}, options: ActivationOptions & {
  readonly recompute?: Recompute;
  readonly memoryShare?: number;
} = {}): Fit[] {
  const { models, hardware: devices, methods, batch } = question;
  const { memoryShare = 0.9 } = options;
  return models.flatMap((model) =>
    methods.flatMap((method) => {
      const footprint = fineTuningFootprint(model, method, batch, options);
      return devices.map((hardware) => {
        const fits = footprint.total <= memoryShare * hardware.memory[0].capacity;
        return { ...footprint, model, hardware, method, fits };
      });
    })
  );
}

function sum(frozen: Bytes, states: Bytes, activations: Bytes): FineTuningFootprint {
  return { frozen, states, activations, total: frozen + states + activations };
}
