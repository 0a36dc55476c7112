import { type LanguageModel, multiplyRows, requireHeads, type Weight } from "../../lm/mod.ts";
import type { Bytes } from "../../units/mod.ts";
import { type Attended, attendForward, type AttentionResult, turn } from "./attend_back.ts";
import { added, normalized } from "./rows.ts";

/** All that the forward pass of one layer leaves for its backward pass, a row for each token. */
export interface LayerTape extends Attended, AttentionResult {
  /** What came in. Its bytes are those of the layer before, and not counted here. */
  readonly input: Float32Array;
  /** The input of queries, keys and values. */
  readonly normal: Float32Array;
  /** Behind attention, and the same normalized: the input of the feed-forward network. */
  readonly middle: Float32Array;
  readonly middleNormal: Float32Array;
  readonly gates: Float32Array;
  readonly ups: Float32Array;
  /** The input of the way down. */
  readonly gated: Float32Array;
  /** What goes out: the input of the next layer. */
  readonly output: Float32Array;
}

/**
 * Runs one layer of a language model over a whole sequence, and keeps all that its derivative needs: nothing else is kept
 * by a training step, and {@linkcode keptActivations} counts just these arrays. Attention runs tile by tile and leaves one
 * number for each head and token.
 *
 * @param input A row for each token.
 * @throws {TypeError} when keys and values are made of a latent.
 * @throws {RangeError} when the layer has a window, or is not there.
 * @example A layer of our model keeps fifteen times what goes into it, as the table says
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadModel } from "@fewer-bytes/lm";
 * import { keptActivations, tapeBytes, tapeLayer } from "@fewer-bytes/training";
 *
 * const model = await loadModel("target"), tokens = 8;
 * const tape = tapeLayer(model, 0, new Float32Array(tokens * model.shape.hiddenSize).fill(0.1));
 * const rows = keptActivations(model.shape, { sequences: 1, tokens }, { format: "fp32" });
 * const all = rows.reduce((sum, { inLayers, bytes }) => sum + (inLayers ? bytes : 0), 0);
 * assertEquals(tapeBytes(tape), all / model.layers.length);
 * ```
 */
export function tapeLayer(model: LanguageModel, index: number, input: Float32Array): LayerTape {
  const layer = model.layers[index];
  if (!layer) {
    throw new RangeError(
      `Cannot run a layer as its index must be below ${model.layers.length}: current value is ${index}`,
    );
  }
  requireHeads(layer, "keep what a derivative needs");
  if (layer.window !== undefined) {
    throw new RangeError(
      `Cannot keep what a derivative needs as a token must see all before it: the window of layer ${index} is ${layer.window}`,
    );
  }
  const { normEpsilon, queryHeads, keyValueHeads } = model;
  const tokens = input.length / model.shape.hiddenSize;
  const times = (x: Float32Array, weight: Weight) => {
    const y = new Float32Array(tokens * weight.outputs);
    multiplyRows(x, tokens, weight, y);
    return y;
  };
  const normal = normalized(input, layer.attentionNorm, normEpsilon);
  const [queries, keys, values] = [layer.queries, layer.keys, layer.values].map((weight) =>
    times(normal, weight)
  ) as [Float32Array, Float32Array, Float32Array];
  turn(queries, queryHeads, model, 1);
  turn(keys, keyValueHeads, model, 1);
  const attention = attendForward(model, { queries, keys, values });
  const middle = added(input, times(attention.attended, layer.output));
  const middleNormal = normalized(middle, layer.feedForwardNorm, normEpsilon);
  const gates = times(middleNormal, layer.gate), ups = times(middleNormal, layer.up);
  const gated = gates.map((gate, i) => gate / (1 + Math.exp(-gate)) * ups[i]!);
  const output = added(middle, times(gated, layer.down));
  return {
    input,
    normal,
    queries,
    keys,
    values,
    ...attention,
    middle,
    middleNormal,
    gates,
    ups,
    gated,
    output,
  };
}

/** The arrays of a tape, but for its input. */
export function tapeArrays(tape: LayerTape): Float32Array[] {
  return Object.values<Float32Array>({ ...tape }).filter((array) => array !== tape.input);
}

/** What a tape takes in memory besides its input. */
export function tapeBytes(tape: LayerTape): Bytes {
  return tapeArrays(tape).reduce((sum, { byteLength }) => sum + byteLength, 0);
}
