import {
  type DenseFeedForward,
  type ExpertFeedForward,
  type Layers,
  type Model,
} from "../catalog/mod.ts";
import { requireAtLeast, requireInteger } from "../units/mod.ts";
import { attentionOperators } from "./attention_operators.ts";
import type { CacheMethod } from "./cache_method.ts";
import { expectedDistinctExperts } from "./experts.ts";
import { type Formats, halfPrecision, type Operator, type Step } from "./operator.ts";
import { feedForwardParameters } from "./parameters.ts";
import { feedForwardProjections } from "./projections.ts";
import type { Reads } from "./reads.ts";
import { elementwise, multiplication, type Shape, shapeOf } from "./rows.ts";

/** How a step is carried out. */
export interface OperatorOptions {
  /** Default: bf16 for everything. */
  readonly formats?: Formats;
  /** Devices that split every layer among them (tensor parallelism). The table is that of one of them. Default 1. */
  readonly devices?: number;
  /** What becomes of keys and values after they were written. Default: they stay as they are. */
  readonly cache?: CacheMethod | undefined;
  /** Which of the cached tokens attention reads. Default: all. */
  readonly reads?: Reads | undefined;
}

/**
 * What is computed in one step of inference, and what does it move?
 *
 * The table counts what a good implementation does, no less: each weight is read once in a step, each cached key and
 * value once, attention scores stay on the chip, norms are fused with the addition before them, and causal attention
 * computes no pair above the diagonal. Of the embedding table only the rows of the tokens are read; the head is applied
 * to the last token of a prompt, and to every token of a decode step. Exponentials and rotary positions are not counted.
 *
 * Layers of one shape share their rows. A mixture of experts reads the experts that the tokens of the step are expected
 * to pick together. Latent attention is expanded in prefill and absorbed in decode.
 *
 * @throws {RangeError} when the step is not one: batch and newTokens must be whole numbers from 1, context at least 0.
 * @example One token of Qwen3-8B moves almost only weights and cache
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { operators, sumOperators } from "@fewer-bytes/transformer";
 *
 * const step = { phase: "decode", batch: 1, newTokens: 1, context: 38_000 } as const;
 * const { bytes } = sumOperators(operators(findModel("qwen3-8b"), step));
 * assertAlmostEquals(bytes.weights / 1e9, 15.1, 0.05); // all but the embedding table
 * assertAlmostEquals(bytes.cache / 1e9, 5.6, 0.05);
 * ```
 */
export function operators(model: Model, step: Step, options: OperatorOptions = {}): Operator[] {
  const { formats = halfPrecision, devices = 1, cache, reads } = options;
  requireInteger(step.batch, 1, "list operators", "batch");
  requireInteger(step.newTokens, 1, "list operators", "newTokens");
  requireAtLeast(step.context, 0, "list operators", "context");
  requireInteger(devices, 1, "list operators", "devices");
  const shape = shapeOf(model, step, formats, devices, cache, reads);
  const { tokens, activationBytes, weightBytes } = shape;
  const { hiddenSize, vocabularySize } = model;

  const rows: Operator[] = [{
    name: "embedding",
    layers: 1,
    flops: 0,
    bytes: {
      weights: tokens * hiddenSize * (model.learnedPositions ? 2 : 1) * weightBytes,
      cache: 0,
      activations: tokens * hiddenSize * activationBytes,
    },
    transfer: 0,
    precision: formats.activations,
  }];
  for (const group of model.layers) {
    rows.push(...attentionOperators(group, shape));
    rows.push(...feedForwardOperators(group, shape));
    rows.push(
      elementwise(
        shape,
        "norms",
        group.count,
        group.norms * hiddenSize * tokens,
        5,
        group.norms * model.normParameters,
      ),
    );
    if (devices > 1) rows.push(allReduce(shape, group.count));
  }
  rows.push(elementwise(shape, "final norm", 1, hiddenSize * tokens, 5, model.normParameters));
  const predictions = step.phase === "prefill" ? step.batch : tokens;
  rows.push(
    multiplication(
      shape,
      "head",
      1,
      [{ name: "head", inputs: hiddenSize, outputs: vocabularySize / devices }],
      predictions,
    ),
  );
  return rows;
}

function feedForwardOperators(group: Layers, shape: Shape): Operator[] {
  const { feedForward: network, count } = group;
  return network.kind === "dense"
    ? denseOperators(network, count, shape)
    : expertOperators(network, count, shape);
}

function denseOperators(network: DenseFeedForward, count: number, shape: Shape): Operator[] {
  const width = network.intermediateSize / shape.devices;
  const projections = feedForwardProjections(shape.model.hiddenSize, width, network.gated);
  const extra = network.extraParameters / shape.devices;
  return [
    multiplication(shape, "feed-forward up", count, projections.slice(0, -1), shape.tokens, extra),
    elementwise(
      shape,
      "activation function",
      count,
      (network.gated ? 1.5 : 1) * width * shape.tokens,
      5,
    ),
    multiplication(shape, "feed-forward down", count, projections.slice(-1), shape.tokens),
  ];
}

function expertOperators(network: ExpertFeedForward, count: number, shape: Shape): Operator[] {
  const { model, tokens, devices, weightBytes } = shape;
  const { hiddenSize } = model;
  const { experts, expertsPerToken, intermediateSize, gated } = network;
  const router = [{ name: "router", inputs: hiddenSize, outputs: experts }];
  const expert = feedForwardProjections(hiddenSize, intermediateSize / devices, gated);
  const routed = multiplication(shape, "experts", count, expert, tokens * expertsPerToken);
  const read = expectedDistinctExperts(experts, expertsPerToken, tokens) *
    feedForwardParameters(model, network).expert / devices;
  const rows = [
    multiplication(shape, "router", count, router, tokens, network.extraParameters),
    { ...routed, bytes: { ...routed.bytes, weights: count * read * weightBytes } },
  ];
  if (network.sharedIntermediateSize > 0) {
    const shared = feedForwardProjections(
      hiddenSize,
      network.sharedIntermediateSize / devices,
      network.gated,
    );
    rows.push(multiplication(shape, "shared experts", count, shared, tokens));
  }
  return rows;
}

/**
 * Devices add up their parts of the hidden state twice in each layer. A ring sends 2(n − 1)/n of it from each device:
 * once around to add, once to hand out.
 */
function allReduce(shape: Shape, count: number): Operator {
  const { devices, tokens, model, activationBytes } = shape;
  return {
    name: "all-reduce",
    layers: count,
    flops: 0,
    bytes: { weights: 0, cache: 0, activations: 0 },
    transfer: count * 2 * (2 * (devices - 1) / devices) * tokens * model.hiddenSize *
      activationBytes,
    precision: shape.formats.activations,
  };
}
