import { requireInteger } from "../../units/mod.ts";
import { headAttention } from "./head_attention.ts";
import { add, gate, normalizeRows } from "./kernels.ts";
import type { LanguageModel, LayerWeights } from "./language_model.ts";
import { latentAttention } from "./latent_attention.ts";
import { multiplier, type MultiplyRows, type Pass, type Sequence } from "./pass.ts";
import type { Trace } from "./trace.ts";

/** How a pass is run. */
export interface ForwardOptions {
  /** Predictions after every new token, or after the last one of each sequence. Default "last". */
  readonly logits?: "last" | "all";
  /**
   * How activations meet weights, for methods that round activations, split matrices or look at what comes in. Default:
   * {@linkcode multiplyRows}, in 32-bit floats. The keys and values of latent attention do not pass here: they are
   * multiplied into queries and results, head by head.
   */
  readonly multiply?: MultiplyRows;
  /** Hears of every operator: what it computed and what it moved. */
  readonly trace?: Trace;
}

/**
 * Runs the model over the new tokens of some sequences at once, and predicts what follows.
 *
 * The tokens of all sequences pass each weight matrix together, so it is read once for all of them; attention looks only
 * into the own cache of each. Every cache grows by its sequence's tokens.
 *
 * @returns For each sequence, the logits after its last token, or after each of its tokens one after the other.
 * @throws {RangeError} for a token that the vocabulary does not have, or a sequence without new tokens.
 */
export function forward(
  model: LanguageModel,
  sequences: readonly Sequence[],
  options: ForwardOptions = {},
): Float32Array[] {
  const { shape, embedding, layers, norm, head, normEpsilon } = model;
  const { hiddenSize, vocabularySize } = shape;
  const { logits = "last", multiply, trace } = options;
  const rows = sequences.reduce(
    (sum, { tokens }) => sum + requireInteger(tokens.length, 1, "run a model", "new tokens"),
    0,
  );
  const x = new Float32Array(rows * hiddenSize);
  let row = 0;
  for (const { tokens } of sequences) {
    for (const token of Array.from(tokens)) {
      if (!(Number.isInteger(token) && token >= 0 && token < vocabularySize)) {
        throw new RangeError(
          `Cannot run a model as tokens must be whole numbers below ${vocabularySize}: current value is ${token}`,
        );
      }
      x.set(
        embedding.data.subarray(token * hiddenSize, (token + 1) * hiddenSize),
        row++ * hiddenSize,
      );
    }
  }
  trace?.("embedding", {
    flops: 0,
    weights: 4 * rows * hiddenSize,
    cache: 0,
    activations: x.byteLength,
  });
  const pass: Pass = {
    model,
    sequences,
    rows,
    positions: sequences.flatMap(({ tokens, cache }) =>
      Array.from(tokens, (_, index) => cache.length + index)
    ),
    multiply: multiplier(rows, multiply, trace),
    trace,
  };
  layers.forEach((layer, index) => runLayer(pass, layer, index, x));

  // Only the rows that predict something go through the head.
  const wanted = logits === "all" ? rows : sequences.length;
  const last = new Float32Array(wanted * hiddenSize);
  let from = 0;
  sequences.forEach(({ tokens }, index) => {
    const end = from + tokens.length;
    if (logits === "all") {
      last.set(x.subarray(from * hiddenSize, end * hiddenSize), from * hiddenSize);
    } else last.set(x.subarray((end - 1) * hiddenSize, end * hiddenSize), index * hiddenSize);
    from = end;
  });
  normalizeRows(last, wanted, norm, normEpsilon, last);
  const [predictions] = multiplier(wanted, multiply, trace)("head", last, [head]);
  for (const { tokens, cache } of sequences) cache.advance(tokens.length);
  let start = 0;
  return sequences.map(({ tokens }) => {
    const count = logits === "all" ? tokens.length : 1;
    return predictions!.subarray(start * vocabularySize, (start += count) * vocabularySize);
  });
}

/** Attention, then the feed-forward network, each added to what came in. */
function runLayer(pass: Pass, layer: LayerWeights, index: number, x: Float32Array): void {
  const { model: { normEpsilon }, rows, multiply } = pass;
  const normal = new Float32Array(x.length);
  normalizeRows(x, rows, layer.attentionNorm, normEpsilon, normal);
  const attended = layer.latent
    ? latentAttention(pass, layer, layer.latent, index, normal)
    : headAttention(pass, layer, index, normal);
  const [output] = multiply("attention output", attended, [layer.output]);
  add(x, output!, x.length);

  normalizeRows(x, rows, layer.feedForwardNorm, normEpsilon, normal);
  const [gates, ups] = multiply("feed-forward up", normal, [layer.gate, layer.up]);
  gate(gates!, ups!, gates!.length);
  const [down] = multiply("feed-forward down", gates!, [layer.down]);
  add(x, down!, x.length);
}
