import { type Floats, Matrix } from "../../numeric/mod.ts";
import {
  type AttentionInputs,
  type AttentionOptions,
  attentionShape,
  keysSeen,
} from "./attention_inputs.ts";

/**
 * What is attention, as the formula says it? softmax(Q Kᵀ · scale) V, with all N × N scores stored.
 *
 * The one to compare the others with: give it 64-bit matrices and it is the reference. A query that sees no key gets
 * zeros.
 *
 * @returns One row for each query.
 * @throws As {@linkcode attentionShape}.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { plainAttention } from "@fewer-bytes/attention";
 *
 * const keys = Matrix.from([[1], [1]]); // alike, so both values count the same
 * const output = plainAttention({ queries: Matrix.from([[7]]), keys, values: Matrix.from([[2], [4]]) });
 * assertEquals(output.toRows(), [[3]]);
 * ```
 */
export function plainAttention<T extends Floats>(
  inputs: AttentionInputs<T>,
  options: AttentionOptions = {},
): Matrix<T> {
  const shape = attentionShape(inputs, options);
  const weights = softmaxWeights(inputs, options);
  const { queries, keys, valueWidth } = shape;
  const values = inputs.values.data;
  const output = storage(inputs.values, queries * valueWidth);
  for (let i = 0; i < queries; i++) {
    for (let j = 0; j < keys; j++) {
      const weight = weights.data[i * keys + j]!;
      for (let k = 0; k < valueWidth; k++) {
        output[i * valueWidth + k]! += weight * values[j * valueWidth + k]!;
      }
    }
  }
  return new Matrix(queries, valueWidth, output);
}

/**
 * How much does each query take of each value? The softmax of its scores: rows that sum to 1.
 *
 * @returns Queries times keys.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { softmaxWeights } from "@fewer-bytes/attention";
 *
 * const tokens = Matrix.from([[0], [0]]);
 * const inputs = { queries: tokens, keys: tokens, values: tokens };
 * assertEquals(softmaxWeights(inputs, { causal: true }).toRows(), [[1, 0], [0.5, 0.5]]);
 * ```
 */
export function softmaxWeights<T extends Floats>(
  inputs: AttentionInputs<T>,
  options: AttentionOptions = {},
): Matrix<T> {
  const shape = attentionShape(inputs, options);
  const { queries, keys, width, scale } = shape;
  const [q, k] = [inputs.queries.data, inputs.keys.data];
  const weights = storage(inputs.queries, queries * keys);
  for (let i = 0; i < queries; i++) {
    const seen = keysSeen(shape, i);
    let maximum = -Infinity, sum = 0;
    for (let j = 0; j < seen; j++) {
      let score = 0;
      for (let x = 0; x < width; x++) score += q[i * width + x]! * k[j * width + x]!;
      weights[i * keys + j] = score * scale;
      maximum = Math.max(maximum, score * scale);
    }
    for (let j = 0; j < seen; j++) {
      const weight = Math.exp(weights[i * keys + j]! - maximum);
      weights[i * keys + j] = weight;
      sum += weight;
    }
    for (let j = 0; j < seen; j++) weights[i * keys + j]! /= sum;
  }
  return new Matrix(queries, keys, weights);
}

/** Zeros of the same type. */
function storage<T extends Floats>({ data }: Matrix<T>, length: number): T {
  return (data instanceof Float32Array
    ? new Float32Array(length)
    : new Float64Array(length)) as Floats as T;
}
