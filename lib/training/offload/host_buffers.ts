import { layerCount, type Model } from "../../catalog/mod.ts";
import { attentionProjections, feedForwardProjections, parameters } from "../../transformer/mod.ts";
import { type Bytes, requireAtLeast, requireInteger } from "../../units/mod.ts";
import type { MicroBatch } from "../activations/kept_activations.ts";

/** How the host's memory is handed out. Each default is the thrifty way. */
export interface HostPolicy {
  /** Buffers for weights on their way: each as large as the largest matrix, or as the one it is for. Default "fitting". */
  readonly pool?: "largest" | "fitting";
  /** What a pinned allocation is rounded up to. Default "page", 4 KiB. */
  readonly pinned?: "power-of-two" | "page";
  /** Looking for overflow in gradients: with copies of all of them, or value by value. Default "fused". */
  readonly overflowCheck?: "copies" | "fused";
}

/** The host's part in training. */
export interface HostWork {
  readonly model: Model;
  /** Whose layer inputs are kept on the host. Absent: they are not. */
  readonly batch?: MicroBatch;
  /** Layers whose weights are on their way at once. Default 1. */
  readonly layersInFlight?: number;
  /** Parameters that are updated at once, their state in two buffers: one in use, one on its way. Default 10⁸. */
  readonly updatedAtOnce?: number;
}

/** One thing in the host's memory. */
export interface HostBuffer {
  readonly what:
    | "weights in flight"
    | "gradients"
    | "optimizer"
    | "layer inputs"
    | "overflow check";
  /** What it holds, and what is reserved for it. */
  readonly needed: Bytes;
  readonly reserved: Bytes;
}

/**
 * What does a host need, when all states lie on SSDs? Less than it reserves. Weights pass through buffers that a simple
 * pool makes as large as the largest matrix, the embedding, though most are a tenth of it; an allocator that rounds to
 * powers of two wastes a third more on average; and a check for overflow that copies all gradients needs 5 bytes beside
 * each 4. MemAscend (Liaw and Chen 2025) mends these three.
 *
 * Gradients are held in 32 bits for all parameters; experts count as so many matrices.
 *
 * @throws {RangeError} when a count is out of range.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { hostBuffers } from "@fewer-bytes/training";
 *
 * const reserved = (policy: Parameters<typeof hostBuffers>[1]) =>
 *   hostBuffers({ model: findModel("llama-3.1-8b") }, policy).reduce((sum, buffer) => sum + buffer.reserved, 0);
 * const simple = reserved({ pool: "largest", pinned: "power-of-two", overflowCheck: "copies" });
 * assert(reserved({}) < simple / 2);
 * ```
 */
export function hostBuffers(work: HostWork, policy: HostPolicy = {}): HostBuffer[] {
  const { model, batch, layersInFlight = 1, updatedAtOnce = 1e8 } = work;
  const { pool = "fitting", pinned = "page", overflowCheck = "fused" } = policy;
  requireInteger(layersInFlight, 1, "size the host's buffers", "layersInFlight");
  requireAtLeast(updatedAtOnce, 1, "size the host's buffers", "updatedAtOnce");
  const pin = (bytes: Bytes) =>
    pinned === "page" ? 4096 * Math.ceil(bytes / 4096) : powerOfTwo(bytes);
  const table = 2 * model.vocabularySize * model.hiddenSize;
  const matrices = layerMatrices(model).map((weights) => 2 * weights);
  const flying = [table, ...Array.from({ length: layersInFlight }, () => matrices).flat()];
  const largest = Math.max(...flying);
  const sum = (sizes: readonly Bytes[]) => sizes.reduce((total, bytes) => total + bytes, 0);
  const { total } = parameters(model);
  const gradients = 4 * total;
  const updated = 2 * 12 * Math.min(updatedAtOnce, total);
  const inputs = batch ? 2 * batch.sequences * batch.tokens * model.hiddenSize : 0;
  const layers = layerCount(model);
  return [
    {
      what: "weights in flight",
      needed: sum(flying),
      reserved: sum(flying.map((bytes) => pin(pool === "largest" ? largest : bytes))),
    },
    { what: "gradients", needed: gradients, reserved: pin(gradients) },
    { what: "optimizer", needed: updated, reserved: 6 * pin(updated / 6) },
    { what: "layer inputs", needed: layers * inputs, reserved: layers * pin(inputs) },
    {
      what: "overflow check",
      needed: 0,
      reserved: overflowCheck === "copies" ? 5 * total : 0,
    },
  ];
}

/** The next power of two, which the usual allocator of pinned memory hands out; 0 for 0. */
export function powerOfTwo(bytes: Bytes): Bytes {
  requireAtLeast(bytes, 0, "round an allocation", "the bytes");
  if (bytes === 0) return 0;
  let power = 2 ** Math.ceil(Math.log2(bytes));
  if (power < bytes) power *= 2;
  else if (power / 2 >= bytes) power /= 2;
  return power;
}

/** The numbers in each matrix of the largest layer. */
function layerMatrices(model: Model): number[] {
  const layers = model.layers.map(({ attention, feedForward: network }) => {
    const copies = network.kind === "experts" ? network.experts : 1;
    const wide = feedForwardProjections(model.hiddenSize, network.intermediateSize, network.gated);
    return [
      ...attentionProjections(model, attention),
      ...Array.from({ length: copies }, () => wide).flat(),
    ].map(({ inputs, outputs }) => inputs * outputs);
  });
  const weight = (layer: number[]) => layer.reduce((sum, numbers) => sum + numbers, 0);
  return layers.reduce((most, layer) => weight(layer) > weight(most) ? layer : most);
}
