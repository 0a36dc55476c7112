import { hostLink } from "../../cache/mod.ts";
import { type Efficiency, ideal, stepTime } from "../../roofline/mod.ts";
import { halfPrecision } from "../../transformer/mod.ts";
import type { Bytes, Seconds, Tokens } from "../../units/mod.ts";
import { keptActivations } from "../activations/kept_activations.ts";
import { trainingForward } from "../steps/training_operators.ts";
import type { TrainingWork } from "../steps/training_step.ts";

/** One layer of a model on its way to the host. */
export interface LayerSwap {
  /** Of the forward pass. */
  readonly compute: Seconds;
  /** Of that, what is not attention: the price of computing again what each token keeps for itself. */
  readonly tokenCompute: Seconds;
  /** To send everything that the layer keeps. */
  readonly transfer: Seconds;
  readonly bytes: Bytes;
  /** Of these, the layer's input and attention's output: always sent, since without them attention were computed again. */
  readonly always: Bytes;
}

/** The setup of a swap: a model in training on a device whose host has memory. */
export type SwapWork =
  & Pick<TrainingWork, "model" | "hardware" | "batch" | "devices" | "efficiency">
  & { readonly splitSequence?: boolean };

/**
 * Does a layer compute long enough for what it keeps to get away meanwhile? Bytes grow with the length of the sequence,
 * attention with its square: there is a length from which the link is the faster one, and all activations can be swapped
 * for nothing.
 *
 * @throws {RangeError} when the hardware has no link to a host, or its layers differ in what they are (take one group).
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { layerSwap } from "@fewer-bytes/training";
 *
 * const swap = (tokens: number) =>
 *   layerSwap({
 *     model: findModel("llama-2-7b"),
 *     hardware: findHardware("nvidia-a100-sxm-80gb"),
 *     batch: { sequences: 1, tokens },
 *   });
 * assert(swap(8192).transfer > swap(8192).compute);
 * assert(swap(262_144).transfer < swap(262_144).compute);
 * ```
 */
export function layerSwap(work: SwapWork): LayerSwap {
  const { model, hardware, batch, devices = 1, efficiency = ideal, splitSequence = true } = work;
  const group = model.layers[0]!;
  const one = { ...model, layers: [{ ...group, count: 1 }] };
  const rows = trainingForward(one, batch, { formats: halfPrecision, devices }).filter(({ name }) =>
    !["embedding", "final norm", "head"].includes(name)
  );
  const time = (table: typeof rows, at: Efficiency = efficiency) =>
    stepTime(table, hardware, at).seconds;
  const kept = keptActivations(one, batch, { devices, splitSequence }).filter((row) =>
    row.inLayers
  );
  const bytes = kept.reduce((sum, row) => sum + row.bytes, 0);
  const norms = kept.find(({ operator }) => operator === "norms")!.bytes / group.norms;
  const output =
    kept.find(({ operator, what }) => operator === "attention output" && what === "input")!.bytes;
  return {
    compute: time(rows),
    tokenCompute: time(rows.filter(({ name }) => name !== "attention")),
    transfer: bytes / (hostLink(hardware) * efficiency.link),
    bytes,
    always: norms + output,
  };
}

/** Beyond this length the break-even is not looked for. */
const longest = 2 ** 40;

/**
 * From which length on does a layer compute longer than its activations need to get away? Both sides of the question are in
 * {@linkcode layerSwap}. Of a few tokens the weights are read longer than their activations are sent: this corner is not
 * what is asked for, and only the last crossing counts.
 *
 * @returns Tokens; 1 when it is so at any length.
 * @throws {RangeError} when it never is, as with a window that keeps attention from growing.
 * @example Llama-2-7B on an A100 and its link of 32 GB/s: some hundred thousand tokens
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { swapBreakEven } from "@fewer-bytes/training";
 *
 * const tokens = swapBreakEven({
 *   model: findModel("llama-2-7b"),
 *   hardware: findHardware("nvidia-a100-sxm-80gb"),
 * });
 * assert(tokens > 90_000 && tokens < 115_000);
 * ```
 */
export function swapBreakEven(work: Omit<SwapWork, "batch">): Tokens {
  const hides = (tokens: number) => {
    const { compute, transfer } = layerSwap({ ...work, batch: { sequences: 1, tokens } });
    return compute >= transfer;
  };
  let low = longest;
  while (low >= 1 && hides(low)) low /= 2;
  if (low === longest) {
    throw new RangeError(
      "Cannot find a break-even as computation must grow faster than bytes: it does not",
    );
  }
  if (low < 1) return 1;
  let high = 2 * low;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (hides(middle)) high = middle;
    else low = middle;
  }
  return high;
}
