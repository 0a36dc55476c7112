import { bytesPerValue, type Model, type NumberFormat } from "../../catalog/mod.ts";
import { type Bytes, requireInteger, type Tokens } from "../../units/mod.ts";
import { type Keep, keepHeads, keepLatent } from "./keep_attention.ts";
import { keepFeedForward } from "./keep_feed_forward.ts";

/** What a device computes at once: so many sequences of one length. */
export interface MicroBatch {
  readonly sequences: number;
  readonly tokens: Tokens;
}

/** How the forward pass is carried out, as far as it decides what is kept. */
export interface ActivationOptions {
  /** Of the activations. Default bf16. */
  readonly format?: NumberFormat;
  /** "scores" writes the matrix of scores to memory; "fused", as FlashAttention, one number a row. Default "fused". */
  readonly attention?: "scores" | "fused";
  /** With dropout a mask is kept wherever it acts, one byte a value. Default false. */
  readonly dropout?: boolean;
  /** Devices that split every layer (tensor parallelism). Default 1. */
  readonly devices?: number;
  /** Split what those devices would each keep whole along the sequence (sequence parallelism). Default false. */
  readonly splitSequence?: boolean;
  /** Which matrices get a gradient: the input of the others need not be kept. Default: all. */
  readonly trained?: (matrix: string) => boolean;
}

/** Something that the forward pass leaves in memory for the backward pass. */
export interface KeptActivation {
  /** The row of the operator table that makes or reads it. */
  readonly operator: string;
  readonly what: string;
  /** In how many layers; 1 before and behind them. */
  readonly layers: number;
  /** Of all those layers, on one device. */
  readonly bytes: Bytes;
  /** Whether it lies inside the layers, and so can be computed again from a layer's input. */
  readonly inLayers: boolean;
  /** Whether it has a number for each pair of tokens. */
  readonly scores: boolean;
}

/**
 * What must stay in memory until the backward pass comes back? The derivative of a product needs both factors: so the
 * input of each matrix, queries, keys and values, what goes into each norm and each activation function. Sums need
 * nothing, which is why residual connections are free.
 *
 * A GPT layer of width h with a heads keeps `s·b·h·(34 + 5·a·s/h)` bytes: 34 = 4 (norms) + 2 (input of queries, keys and
 * values) + 6 (these themselves) + 2 (attention's output) + 2 + 8 + 8 (the feed-forward network's inputs) + 2 (masks),
 * and 5·a·s/h = scores after softmax (2), their mask (1), and what is left of them (2). FlashAttention makes the second
 * term 4·a/h; a gated network keeps two wide inputs of its activation function and not one; grouped heads keep fewer keys
 * and values. Sums of norms, a few bytes a token, are not counted; activation functions are fused.
 *
 * Source: Korthikanti et al., "Reducing Activation Recomputation in Large Transformer Models" (2022), section 4.1.
 *
 * @returns One row for each thing that is kept, in the order of the operators.
 * @throws {RangeError} when a count is no whole number from 1, or heads cannot be split so.
 * @example What a SwiGLU model keeps of a token in a layer
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { keptActivations } from "@fewer-bytes/training";
 *
 * const rows = keptActivations(findModel("llama-2-7b"), { sequences: 1, tokens: 1 });
 * const wide = rows.find(({ what }) => what === "inputs of the activation function")!;
 * assertEquals(wide.bytes / wide.layers, 2 * 2 * 11008);
 * ```
 */
export function keptActivations(
  model: Model,
  { sequences, tokens }: MicroBatch,
  options: ActivationOptions = {},
): KeptActivation[] {
  requireInteger(sequences, 1, "list kept activations", "sequences");
  requireInteger(tokens, 1, "list kept activations", "tokens");
  const { format = "bf16", attention = "fused", dropout = false, devices = 1 } = options;
  const { splitSequence = false, trained = () => true } = options;
  requireInteger(devices, 1, "list kept activations", "devices");
  const rows: KeptActivation[] = [];
  const keeper = (layers: number, inLayers: boolean): Keep => (operator, what, values) => {
    const { own = 0, shared = 0, size = bytesPerValue(format) } = values;
    const each = own + shared / (splitSequence ? devices : 1);
    if (each === 0) return;
    const bytes = layers * sequences * tokens * each * size;
    rows.push({ operator, what, layers, bytes, inLayers, scores: what.includes("scores") });
  };
  const { hiddenSize, vocabularySize } = model;
  const outside = keeper(1, false);
  if (dropout) outside("embedding", "mask", { shared: hiddenSize, size: 1 });
  for (const group of model.layers) {
    const keep = keeper(group.count, true);
    keep("norms", "inputs", { shared: group.norms * hiddenSize });
    const kernel = { attention, dropout, devices, tokens, trained };
    if (group.attention.kind === "heads") keepHeads(keep, group.attention, hiddenSize, kernel);
    else keepLatent(keep, group.attention, hiddenSize, kernel);
    if (dropout) keep("attention output", "mask", { shared: hiddenSize, size: 1 });
    keepFeedForward(keep, group, hiddenSize, kernel);
    if (dropout) keep("feed-forward down", "mask", { shared: hiddenSize, size: 1 });
  }
  outside("final norm", "input", { shared: hiddenSize });
  if (trained("head")) outside("head", "input", { shared: hiddenSize });
  outside("head", "logits", { own: vocabularySize / devices, size: 4 });
  return rows;
}
