import { requireInteger } from "../../units/mod.ts";
import { attend, type AttendOptions } from "./attend.ts";
import type { KeyValueCache } from "./cache.ts";
import { add, gate, multiplyRows, normalizeRows, rotateHeads } from "./kernels.ts";
import type { LanguageModel, LayerWeights, Weight } from "./language_model.ts";
import type { Trace } from "./trace.ts";

/** A sequence and its new tokens. */
export interface Sequence {
  readonly tokens: ArrayLike<number>;
  readonly cache: KeyValueCache;
}

/** Multiplies rows of activations with a weight matrix, into `y`; see {@linkcode multiplyRows}. */
export type MultiplyRows = (x: Float32Array, rows: number, weight: Weight, y: Float32Array) => void;

/** How a pass is run. */
export interface ForwardOptions {
  /** Predictions after every new token, or after the last one of each sequence. Default "last". */
  readonly logits?: "last" | "all";
  /**
   * How activations meet weights, for methods that round activations, split matrices or look at what comes in. Default:
   * {@linkcode multiplyRows}, in 32-bit floats.
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
  const { logits = "last", trace } = options;
  const multiply = multiplier(options);
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
  for (const [index, layer] of layers.entries()) {
    runLayer(model, layer, index, x, rows, sequences, multiply, trace);
  }

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
  const predictions = new Float32Array(wanted * vocabularySize);
  multiply("head", last, wanted, [head], [predictions]);
  for (const { tokens, cache } of sequences) cache.advance(tokens.length);
  let start = 0;
  return sequences.map(({ tokens }) => {
    const count = logits === "all" ? tokens.length : 1;
    return predictions.subarray(start * vocabularySize, (start += count) * vocabularySize);
  });
}

function runLayer(
  model: LanguageModel,
  layer: LayerWeights,
  index: number,
  x: Float32Array,
  rows: number,
  sequences: readonly Sequence[],
  multiply: Multiplier,
  trace?: Trace,
): void {
  const {
    queryHeads,
    keyValueHeads,
    headDimension,
    ropeTheta,
    normEpsilon,
    shape: { hiddenSize },
  } = model;
  const queryWidth = queryHeads * headDimension;
  const cacheWidth = keyValueHeads * headDimension;
  const normal = new Float32Array(rows * hiddenSize);
  normalizeRows(x, rows, layer.attentionNorm, normEpsilon, normal);
  const queries = new Float32Array(rows * queryWidth);
  const keys = new Float32Array(rows * cacheWidth);
  const values = new Float32Array(rows * cacheWidth);
  multiply("queries, keys, values", normal, rows, [layer.queries, layer.keys, layer.values], [
    queries,
    keys,
    values,
  ]);

  const attended = new Float32Array(rows * queryWidth);
  let row = 0;
  for (const { tokens, cache } of sequences) {
    for (let token = 0; token < tokens.length; token++, row++) {
      const position = cache.length + token;
      rotateHeads(queries, row * queryWidth, queryHeads, headDimension, position, ropeTheta);
      rotateHeads(keys, row * cacheWidth, keyValueHeads, headDimension, position, ropeTheta);
      cache.append(index, {
        position,
        keys: keys.subarray(row * cacheWidth, (row + 1) * cacheWidth),
        values: values.subarray(row * cacheWidth, (row + 1) * cacheWidth),
        hidden: normal.subarray(row * hiddenSize, (row + 1) * hiddenSize),
      });
      const query = queries.subarray(row * queryWidth, (row + 1) * queryWidth);
      const result = attended.subarray(row * queryWidth, (row + 1) * queryWidth);
      attend(model, query, cache.read(index, query), result, { trace, ...observer(cache, index) });
    }
  }
  const output = normal; // the normalized state is no longer needed
  multiply("attention output", attended, rows, [layer.output], [output]);
  add(x, output, x.length);

  normalizeRows(x, rows, layer.feedForwardNorm, normEpsilon, normal);
  const gates = new Float32Array(rows * layer.gate.outputs);
  const ups = new Float32Array(rows * layer.up.outputs);
  multiply("feed-forward up", normal, rows, [layer.gate, layer.up], [gates, ups]);
  gate(gates, ups, gates.length);
  multiply("feed-forward down", gates, rows, [layer.down], [normal]);
  add(x, normal, x.length);
}

/** Tells a cache that wants to hear how attention was divided. */
function observer(cache: KeyValueCache, layer: number): AttendOptions {
  return cache.observe ? { observe: (head, shares) => cache.observe!(layer, head, shares) } : {};
}

/** Multiplies the same rows with one or more matrices, and tells the trace. */
type Multiplier = (
  name: string,
  x: Float32Array,
  rows: number,
  matrices: readonly Weight[],
  results: readonly Float32Array[],
) => void;

function multiplier({ multiply = multiplyRows, trace }: ForwardOptions): Multiplier {
  return (name, x, rows, matrices, results) => {
    matrices.forEach((matrix, index) => multiply(x, rows, matrix, results[index]!));
    trace?.(name, {
      flops: matrices.reduce((sum, { inputs, outputs }) => sum + 2 * rows * inputs * outputs, 0),
      weights: matrices.reduce((sum, { data }) => sum + data.byteLength, 0),
      cache: 0,
      activations: x.byteLength + results.reduce((sum, { byteLength }) => sum + byteLength, 0),
    });
  };
}
