import { assert, assertAlmostEquals } from "@std/assert";
import fc from "fast-check";
import { Matrix } from "@fewer-bytes/numeric";
import { sigmoidAttention } from "@fewer-bytes/attention";
import { anySizes, anyTile, distance, randomInputs, wideInputs } from "./random_inputs.ts";

Deno.test("sigmoidAttention() in any tiles is the plain formula", () => {
  fc.assert(
    fc.property(anySizes, anyTile, fc.boolean(), fc.nat(999), (sizes, tile, causal, seed) => {
      const inputs = randomInputs(sizes, seed);
      const { queries, keys, values } = wideInputs(inputs);
      const scores = queries.multiply(keys.transpose());
      const weights = scores.map((score, index) => {
        const [i, j] = [Math.floor(index / sizes.keys), index % sizes.keys];
        if (causal && j > i + sizes.keys - sizes.queries) return 0;
        const e = Math.exp(score / Math.sqrt(sizes.width)) / sizes.keys; // e^(score − ln n)
        return e / (1 + e);
      });
      const found = sigmoidAttention(inputs, { tile, causal });
      assert(distance(found.data, weights.multiply(values).data) < 2e-6);
    }),
  );
});

Deno.test("parts of the keys merge by plain addition, which softmax attention does not allow", () => {
  const inputs = randomInputs({ queries: 3, keys: 10, width: 4, valueWidth: 2 });
  const part = (from: number, to: number) => {
    const rows = ({ columns, data }: Matrix<Float32Array>) =>
      new Matrix(to - from, columns, data.subarray(from * columns, to * columns));
    const piece = { queries: inputs.queries, keys: rows(inputs.keys), values: rows(inputs.values) };
    return sigmoidAttention(piece, { bias: -Math.log(10) }).data;
  };
  const [first, second] = [part(0, 4), part(4, 10)];
  const sum = first.map((value, i) => value + second[i]!);
  assert(distance(sum, sigmoidAttention(inputs).data) < 1e-6);
});

Deno.test("with bias −ln n the weights of scores around 0 sum to about 1, whatever n", () => {
  for (const n of [8, 64, 512]) {
    const inputs = {
      queries: Matrix.zeros(1, 4),
      keys: Matrix.zeros(n, 4),
      values: Matrix.zeros(n, 1).map(() => 1),
    };
    assertAlmostEquals(sigmoidAttention(inputs).get(0, 0), n / (n + 1), 1e-5);
  }
});
