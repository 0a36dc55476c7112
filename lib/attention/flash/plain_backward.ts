import { type Floats, Matrix } from "../../numeric/mod.ts";
import { type AttentionInputs, type AttentionOptions, attentionShape } from "./attention_inputs.ts";
import { softmaxWeights } from "./plain_attention.ts";

/** How much a loss changes with each input: three matrices of the inputs' shapes. */
export type AttentionGradients<T extends Floats = Float32Array> = AttentionInputs<T>;

/**
 * What is the gradient of attention? In closed form, with all N × N weights P stored:
 * dV = Pᵀ dO; dP = dO Vᵀ; dS = P ∘ (dP − rowsum(P ∘ dP)); dQ = dS K · scale; dK = dSᵀ Q · scale.
 *
 * The one to compare the tiled backward pass with: give it 64-bit matrices and it is the reference.
 *
 * @param outputGradient How the loss changes with each output.
 * @example With one key, softmax is constant: only the value matters
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { plainBackward } from "@fewer-bytes/attention";
 *
 * const one = Matrix.from([[3]]);
 * const { queries, values } = plainBackward({ queries: one, keys: one, values: one }, Matrix.from([[7]]));
 * assertEquals([queries.get(0, 0), values.get(0, 0)], [0, 7]);
 * ```
 */
export function plainBackward<T extends Floats>(
  inputs: AttentionInputs<T>,
  outputGradient: Matrix<T>,
  options: AttentionOptions = {},
): AttentionGradients<T> {
  const { scale, keys } = attentionShape(inputs, options);
  const weights = softmaxWeights(inputs, options);
  const weightGradient = outputGradient.multiply(inputs.values.transpose());
  const scoreGradient = new Matrix(weights.rows, keys, weights.data.slice() as T);
  for (let i = 0; i < weights.rows; i++) {
    const [row, gradient] = [weights.row(i), weightGradient.row(i)];
    let mean = 0;
    for (let j = 0; j < keys; j++) mean += row[j]! * gradient[j]!;
    for (let j = 0; j < keys; j++) scoreGradient.set(i, j, row[j]! * (gradient[j]! - mean) * scale);
  }
  return {
    queries: scoreGradient.multiply(inputs.keys),
    keys: scoreGradient.transpose().multiply(inputs.queries),
    values: weights.transpose().multiply(outputGradient),
  };
}
