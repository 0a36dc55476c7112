import { Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import {
  copyState,
  eluPlusOne,
  type FeatureMap,
  type LinearResult,
  type LinearState,
  requireSameRows,
} from "./linear_state.ts";

/**
 * Causal linear attention as it is defined: the weight of a pair is φ(q)·φ(k), divided by the sum over what is seen.
 *
 * It is softmax attention with another similarity, and as long as all pairs are formed it costs as much. The two forms
 * below give the same numbers. (Katharopoulos et al. 2020, equations 9 and 12.)
 *
 * @param queries One head's queries, one in each row; keys and values have as many rows.
 */
export function linearAttention(
  queries: Matrix,
  keys: Matrix,
  values: Matrix,
  feature: FeatureMap = eluPlusOne,
): Matrix<Float64Array> {
  return chunkedLinearAttention(queries, keys, values, Math.max(1, keys.rows), feature).output;
}

/**
 * The same with a memory of fixed size: products may be summed in any order, so φ(q)·Σ φ(k)vᵀ needs no pair. It is how
 * tokens are decoded: no cache, and each step costs the same.
 *
 * @param state What is remembered of earlier tokens; it is left as it was. Default: nothing.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { linearAttention, recurrentLinearAttention } from "@fewer-bytes/attention";
 *
 * const x = Matrix.from([[1, -2], [0.5, 3], [-1, 1]]);
 * const { output } = recurrentLinearAttention(x, x, x);
 * linearAttention(x, x, x).data.forEach((value, i) => assertAlmostEquals(output.data[i]!, value, 1e-12));
 * ```
 */
export function recurrentLinearAttention(
  queries: Matrix,
  keys: Matrix,
  values: Matrix,
  feature: FeatureMap = eluPlusOne,
  state?: LinearState,
): LinearResult {
  requireSameRows(queries, keys, values);
  const { sums, norms } = copyState(keys, values, state);
  const width = values.columns;
  const output = new Matrix(queries.rows, width, new Float64Array(queries.rows * width));
  for (let token = 0; token < keys.rows; token++) {
    const result = output.row(token);
    let norm = 0;
    for (let i = 0; i < keys.columns; i++) {
      const k = feature(keys.get(token, i)), q = feature(queries.get(token, i));
      norm += q * (norms[i]! += k);
      const row = sums.row(i);
      for (let j = 0; j < width; j++) result[j]! += q * (row[j]! += k * values.get(token, j));
    }
    for (let j = 0; j < width; j++) result[j]! /= norm;
  }
  return { output, state: { sums, norms } };
}

/**
 * The same in pieces: pairs within a chunk, the state for all before it. It is how prompts are computed: matrix products
 * inside a chunk keep the hardware busy, and the state carries over, so the cost grows with the length and not its square.
 *
 * @param chunk Tokens in each piece.
 * @param state What is remembered of earlier tokens; it is left as it was. Default: nothing.
 */
export function chunkedLinearAttention(
  queries: Matrix,
  keys: Matrix,
  values: Matrix,
  chunk: number,
  feature: FeatureMap = eluPlusOne,
  state?: LinearState,
): LinearResult {
  requireInteger(chunk, 1, "attend in chunks", "the chunk");
  requireSameRows(queries, keys, values);
  const { sums, norms } = copyState(keys, values, state);
  const width = values.columns;
  const output = new Matrix(queries.rows, width, new Float64Array(queries.rows * width));
  for (let start = 0; start < keys.rows; start += chunk) {
    const end = Math.min(start + chunk, keys.rows);
    const q = rowsOf(queries, start, end).map(feature);
    const k = rowsOf(keys, start, end).map(feature);
    const v = rowsOf(values, start, end);
    const pairs = q.multiply(k.transpose());
    for (let row = 0; row < pairs.rows; row++) pairs.row(row).fill(0, row + 1);
    const near = pairs.multiply(v), far = q.multiply(sums);
    const earlier = q.multiply(new Matrix(norms.length, 1, norms));
    for (let row = 0; row < pairs.rows; row++) {
      const norm = pairs.row(row).reduce((sum, share) => sum + share, earlier.get(row, 0));
      for (let j = 0; j < width; j++) {
        output.set(start + row, j, (near.get(row, j) + far.get(row, j)) / norm);
      }
    }
    k.transpose().multiply(v).data.forEach((value, i) => sums.data[i]! += value);
    k.data.forEach((value, i) => norms[i % norms.length]! += value);
  }
  return { output, state: { sums, norms } };
}

function rowsOf(matrix: Matrix, start: number, end: number): Matrix<Float64Array> {
  const { columns, data } = matrix;
  return new Matrix(
    end - start,
    columns,
    Float64Array.from(data.subarray(start * columns, end * columns)),
  );
}
