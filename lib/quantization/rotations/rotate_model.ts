import { type LanguageModel, type MultiplyRows, multiplyRows, type Weight } from "../../lm/mod.ts";
import { foldNorms } from "./fold_norms.ts";
import { hadamard, type Rotation } from "./hadamard.ts";
import { hadamardTransform } from "./hadamard_transform.ts";
import { rotateInputs, rotateOutputs } from "./rotate_weight.ts";

/** What is rotated in a model. */
export interface ModelRotation {
  /** R of the hidden state: hidden size × hidden size, orthogonal, from a random Hadamard matrix or learned. */
  readonly hidden: Rotation;
  /** Rotate the values of each head by a Hadamard matrix of the head dimension. Default true. */
  readonly values?: boolean;
  /**
   * Rotate what enters the down projection by a Hadamard matrix. Default false: it is the only one that costs time in
   * each step, and the model then has to be run with {@linkcode onlineHadamard}.
   */
  readonly down?: boolean;
}

/**
 * How are outliers removed without changing a model? Turn the hidden state (QuaRot, Ashkboos et al. 2024). What was one
 * huge channel becomes a little in each.
 *
 * After the gains are folded away, `norm(x·R) = norm(x)·R`, so a single R can pass through the whole model: the embedding
 * and all matrices that write the hidden state write it rotated, all that read it, the head too, undo the rotation in
 * their own weights. Nothing is computed more than before. The values of attention are rotated in the same way within
 * each head, between the value and the output projection. Queries and keys are not, as positions turn them.
 *
 * @returns A model with the same logits, up to rounding.
 * @throws {RangeError} when the rotation does not have the hidden size, or a Hadamard matrix of a size does not exist.
 * @example The hidden state is another one, the predictions are the same
 * ```ts
 * import { assert } from "@std/assert";
 * import { denseCache, forward, loadModel } from "@fewer-bytes/lm";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { randomHadamard, rotateModel } from "@fewer-bytes/quantization";
 *
 * const model = await loadModel("target");
 * const rotated = rotateModel(model, { hidden: randomHadamard(192, seeded(1)) });
 * const [before, after] = [model, rotated].map((each) =>
 *   forward(each, [{ tokens: [0, 5, 9], cache: denseCache(each) }])[0]!
 * );
 * assert(before!.every((logit, token) => Math.abs(logit - after![token]!) < 1e-3));
 * ```
 */
export function rotateModel(
  model: LanguageModel,
  { hidden, values = true, down = false }: ModelRotation,
): LanguageModel {
  const { hiddenSize } = model.shape;
  if (hidden.rows !== hiddenSize || hidden.columns !== hiddenSize) {
    throw new RangeError(
      `Cannot rotate a model as the rotation must be ${hiddenSize} x ${hiddenSize}: current shape is ${hidden.rows} x ${hidden.columns}`,
    );
  }
  const folded = foldNorms(model);
  const read = (weight: Weight) => rotateInputs(weight, hidden);
  const write = (weight: Weight) => rotateOutputs(weight, hidden);
  const head = values ? normalized(model.headDimension) : undefined;
  return {
    ...folded,
    embedding: read(folded.embedding), // a row for each token, each a hidden state
    head: read(folded.head),
    layers: folded.layers.map((layer) => ({
      ...layer,
      queries: read(layer.queries),
      keys: read(layer.keys),
      values: head ? rotateOutputs(read(layer.values), head) : read(layer.values),
      output: head ? rotateInputs(write(layer.output), head) : write(layer.output),
      gate: read(layer.gate),
      up: read(layer.up),
      down: down
        ? rotateInputs(write(layer.down), normalized(layer.down.inputs))
        : write(layer.down),
    })),
  };
}

/**
 * Runs a model that was rotated with `down`: what enters a down projection is rotated on the way.
 *
 * The gated activation function stands between this matrix and the ones before it, and a rotation cannot pass it. So
 * this one is applied to activations, by the fast transform: for the 14,336 = 2⁹ · 28 channels of Llama 3.1 8B, 9 additions
 * and 28 multiplications a channel, next to 4,096 multiplications in the matrix that follows.
 *
 * @param multiply What multiplies afterwards, such as one that rounds activations first. Default: multiplyRows.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { onlineHadamard } from "@fewer-bytes/quantization";
 *
 * const down = { name: "model.layers.0.mlp.down_proj.weight", outputs: 1, inputs: 2, data: Float32Array.of(1, 0) };
 * const y = new Float32Array(1);
 * onlineHadamard()(Float32Array.of(Math.SQRT2, Math.SQRT2), 1, down, y);
 * assertEquals(y[0], 2); // the first of the rotated channels: (√2 + √2)/√2
 * ```
 */
export function onlineHadamard(multiply: MultiplyRows = multiplyRows): MultiplyRows {
  return (x, rows, weight, y) => {
    if (!weight.name.endsWith("mlp.down_proj.weight")) return multiply(x, rows, weight, y);
    const rotated = x.slice(0, rows * weight.inputs);
    hadamardTransform(rotated, weight.inputs);
    multiply(rotated, rows, weight, y);
  };
}

function normalized(order: number): Rotation {
  return hadamard(order).map((value) => value / Math.sqrt(order));
}
