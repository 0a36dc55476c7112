import { assert, assertAlmostEquals } from "@std/assert";
import fc from "fast-check";
import { Matrix } from "@fewer-bytes/numeric";
import { plainAttention, plainBackward } from "@fewer-bytes/attention";
import { golden, goldenInputs, goldenOutputGradient } from "./golden_attention.ts";
import { anySizes, distance, randomInputs, wide, wideInputs } from "./random_inputs.ts";

Deno.test("plainBackward() agrees with PyTorch's automatic gradients", () => {
  const found = plainBackward(goldenInputs, goldenOutputGradient, { causal: true });
  for (const name of ["queries", "keys", "values"] as const) {
    assert(distance(found[name].data, golden[name]) < 1e-6, name);
  }
});

Deno.test("plainBackward() is the slope of the loss, by finite differences", () => {
  fc.assert(
    fc.property(anySizes, fc.boolean(), fc.nat(999), (sizes, causal, seed) => {
      const inputs = wideInputs(randomInputs(sizes, seed));
      const direction = wideInputs(randomInputs(sizes, seed + 1));
      const gradient = wide(
        Matrix.zeros(sizes.queries, sizes.valueWidth).map((_, i) => Math.sin(i)),
      );
      const moved = (step: number) => {
        const shift = (name: keyof typeof inputs) =>
          inputs[name].map((value, i) => value + step * direction[name].data[i]!);
        return { queries: shift("queries"), keys: shift("keys"), values: shift("values") };
      };
      const dot = (a: Matrix<Float64Array>, b: Matrix<Float64Array>) =>
        a.data.reduce((sum, x, i) => sum + x * b.data[i]!, 0);
      const loss = (step: number) => dot(plainAttention(moved(step), { causal }), gradient);
      const found = plainBackward(inputs, gradient, { causal });
      const slope = (["queries", "keys", "values"] as const)
        .reduce((sum, name) => sum + dot(found[name], direction[name]), 0);
      const measured = (loss(1e-5) - loss(-1e-5)) / 2e-5;
      assertAlmostEquals(measured, slope, 1e-5 * (1 + Math.abs(slope)));
    }),
    { numRuns: 30 },
  );
});
