/** Small random attentions, an attention under any mask written as the formula says it, and published results. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { AttentionInputs } from "@fewer-bytes/attention";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import published from "./fixtures/published.json" with { type: "json" };

/**
 * Results of other implementations, on random numbers that are multiples of 1/64: `fixed…`, `var…`, `longformer` and
 * `big_bird0` are layouts of DeepSpeed 0.12.6 (`sparsity_config.py`; BigBird without its random blocks); `moba` is
 * `moba_naive.py` of MoonshotAI/MoBA, blocks of 3, top 2; `x_…` are sums and masks of `xattn_estimate()` of
 * mit-han-lab/x-attention on a CPU: blocks of 8, stride 4, threshold 0.6. `dsa`, `dsa_fp8`, `nsa` and `convolution` are the published
 * equations written in PyTorch with dense masks, `float8_e4m3fn` and `conv1d`.
 */
export { published };

export function matrixOf(columns: number, values: readonly number[]): Matrix<Float64Array> {
  return new Matrix(values.length / columns, columns, Float64Array.from(values));
}

export function randomMatrix(rows: number, columns: number, seed: number): Matrix<Float64Array> {
  const random = seeded(seed);
  const data = Float64Array.from({ length: rows * columns }, () => random.normal());
  return new Matrix(rows, columns, data);
}

export function randomAttention(
  queries: number,
  keys: number,
  width = 4,
  seed = 1,
): AttentionInputs<Float64Array> {
  return {
    queries: randomMatrix(queries, width, seed),
    keys: randomMatrix(keys, width, seed + 1),
    values: randomMatrix(keys, 3, seed + 2),
  };
}

/** softmax(Q Kᵀ/√d + mask) V, with minus infinity where the mask is 0; zeros for a query that sees nothing. */
export function maskedAttention(
  { queries, keys, values }: AttentionInputs<Float64Array>,
  sees: (query: number, key: number) => boolean,
): Matrix<Float64Array> {
  const scores = queries.multiply(keys.transpose());
  return Matrix.from(
    scores.toRows().map((row, query) => {
      const masked = row.map((score, key) =>
        sees(query, key) ? Math.exp(score / Math.sqrt(keys.columns)) : 0
      );
      const sum = masked.reduce((total, weight) => total + weight, 0);
      return Array.from(
        { length: values.columns },
        (_, x) =>
          sum === 0
            ? 0
            : masked.reduce((total, weight, key) => total + weight * values.get(key, x), 0) / sum,
      );
    }),
  );
}

export function assertClose(actual: Matrix, expected: Matrix, tolerance = 1e-6): void {
  assertEquals([actual.rows, actual.columns], [expected.rows, expected.columns]);
  expected.data.forEach((value, i) => assertAlmostEquals(actual.data[i]!, value, tolerance));
}
