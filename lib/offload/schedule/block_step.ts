import { bytesPerValue, layerCount, type Model } from "../../catalog/mod.ts";
import {
  cacheBytesPerToken,
  type Formats,
  halfPrecision,
  type Operator,
  operators,
  type Step,
  sumOperators,
} from "../../transformer/mod.ts";
import type { Bytes } from "../../units/mod.ts";
import type { BlockRequest, OffloadPolicy } from "./policy.ts";

/** One step of a block: the table of one batch, and what all batches move together. */
export interface BlockStep {
  readonly phase: Step["phase"];
  /** Of one batch on the device. */
  readonly rows: readonly Operator[];
  /** Read once for the whole block. */
  readonly weights: Bytes;
  /** Keys and values that attention reads, and those that are new, of the whole block. */
  readonly cacheRead: Bytes;
  readonly cacheWritten: Bytes;
  /** Hidden states of the whole block, once for each layer. */
  readonly activations: Bytes;
}

/**
 * What does one step of a block move? Weights once for all of its batches, caches and hidden states for each sequence. The
 * decode step is the average one: in the middle of the answer.
 */
export function blockStep(
  model: Model,
  request: BlockRequest,
  { gpuBatch, batches }: Pick<OffloadPolicy, "gpuBatch" | "batches">,
  phase: Step["phase"],
  formats: Formats = halfPrecision,
): BlockStep {
  const prefill = phase === "prefill";
  const { promptTokens, outputTokens } = request;
  const newTokens = prefill ? promptTokens : 1;
  const context = prefill ? 0 : promptTokens + outputTokens / 2;
  const of = (batch: number) =>
    operators(model, { phase, batch, newTokens, context }, { formats }).filter(({ name }) =>
      name !== "embedding"
    );
  const rows = of(gpuBatch);
  const sequences = gpuBatch * batches;
  const cacheWritten = sequences * newTokens *
    cacheBytesPerToken(model, { storage: formats.cache });
  return {
    phase,
    rows,
    weights: sumOperators(of(sequences)).bytes.weights,
    // A prompt's keys and values are still on the device when its own attention reads them.
    cacheRead: prefill ? 0 : Math.max(0, batches * sumOperators(rows).bytes.cache - cacheWritten),
    cacheWritten,
    activations: layerCount(model) * sequences * newTokens * model.hiddenSize *
      bytesPerValue(formats.activations),
  };
}
