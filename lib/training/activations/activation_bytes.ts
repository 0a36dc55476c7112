import { bytesPerValue, layerCount, type Model } from "../../catalog/mod.ts";
import { formula } from "../../numeric/mod.ts";
import type { Bytes } from "../../units/mod.ts";
import {
  type ActivationOptions,
  type KeptActivation,
  keptActivations,
  type MicroBatch,
} from "./kept_activations.ts";

/** What one GPT layer keeps, as it is printed and computed. */
export const layerActivationFormula = formula("bytes = s * b * h * (34 + 5 * a * s / h)", {
  bytes: "kept in one layer, in 16 bits, with dropout and scores in memory",
  s: "tokens of a sequence",
  b: "sequences",
  h: "width of the hidden state",
  a: "heads",
});

/** The same on one of several devices that split each layer, and the sequence between them. */
export const splitLayerActivationFormula = formula(
  "bytes = s * b * h * (10 + 24 / t + 5 * a * s / (h * t))",
  {
    bytes: "kept in one layer on each device, without sequence parallelism",
    s: "tokens of a sequence",
    b: "sequences",
    h: "width of the hidden state",
    a: "heads",
    t: "devices that split the layer",
  },
);

/**
 * What is thrown away and computed again. "attention": scores and all between them and the values (selective
 * recomputation). "layers": everything but the input of each layer (full recomputation). Default: nothing.
 */
export type Recompute = "nothing" | "attention" | "layers";

/** The memory of activations, on one device. */
export interface ActivationBytes {
  /** From the forward pass until the backward pass has used it. */
  readonly kept: Bytes;
  /** Of one layer, while it is computed again; 0 when nothing is. */
  readonly working: Bytes;
  readonly total: Bytes;
}

/**
 * How much memory do activations take in training? The sum of {@linkcode keptActivations}, less what is computed again.
 *
 * With "layers", each layer keeps its input alone, 2·s·b·h bytes, and one layer at a time has all of its own: memory falls
 * from 34 to 2, for a third forward pass. With "attention" only the terms with a number for each pair of tokens go: they
 * are most of the memory of long sequences and little of the arithmetic. FlashAttention does that by itself.
 *
 * @throws {RangeError} when a count is out of range.
 * @example The paper's first example: GPT-3, 2048 tokens; scores are 70 % of what is kept
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { activationBytes } from "@fewer-bytes/training";
 *
 * const gpt3 = findModel("gpt-3-175b"), batch = { sequences: 1, tokens: 2048 };
 * const classic = { attention: "scores", dropout: true } as const;
 * const [all, selective] = (["nothing", "attention"] as const)
 *   .map((recompute) => activationBytes(gpt3, batch, { ...classic, recompute }).kept);
 * assertAlmostEquals(1 - selective! / all!, 0.70, 0.01);
 * ```
 */
export function activationBytes(
  model: Model,
  batch: MicroBatch,
  options: ActivationOptions & { readonly recompute?: Recompute } = {},
): ActivationBytes {
  const { recompute = "nothing", format = "bf16", devices = 1, splitSequence = false } = options;
  const rows = keptActivations(model, batch, options);
  let kept = sumBytes(rows), working = 0;
  if (recompute === "layers") {
    const input = model.hiddenSize * bytesPerValue(format) / (splitSequence ? devices : 1);
    kept = sumBytes(rows, ({ inLayers }) => !inLayers) +
      layerCount(model) * batch.sequences * batch.tokens * input;
    working = largestLayer(model, batch, options);
  } else if (recompute === "attention") {
    kept = sumBytes(rows, ({ scores }) => !scores);
    working = largestLayer(model, batch, options, ({ scores }) => scores);
  }
  return { kept, working, total: kept + working };
}

/** All that the largest single layer keeps, or all of one sort. */
function largestLayer(
  model: Model,
  batch: MicroBatch,
  options: ActivationOptions,
  which: (row: KeptActivation) => boolean = () => true,
): Bytes {
  return Math.max(...model.layers.map((group) => {
    const rows = keptActivations({ ...model, layers: [{ ...group, count: 1 }] }, batch, options);
    return sumBytes(rows, (row) => row.inLayers && which(row));
  }));
}

function sumBytes(
  rows: readonly KeptActivation[],
  which: (row: KeptActivation) => boolean = () => true,
): Bytes {
  return rows.reduce((sum, row) => sum + (which(row) ? row.bytes : 0), 0);
}
