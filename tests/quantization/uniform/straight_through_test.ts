import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { roundToNearest, straightThrough } from "@fewer-bytes/quantization";
import golden from "./fixtures/torch_observers.json" with { type: "json" };

Deno.test("straightThrough() is the gradient of PyTorch's fake quantization, clamp included", () => {
  // torch 2.13.0: fake_quantize_per_tensor_affine(x, scale = 1, zero point 0, −3, 3), backward with 1 to 8.
  const weights = new Matrix(1, 8, Float32Array.of(0.4, -3, 6, 3.4, -3.6, 3.6, -0.2, 2.9));
  const gradient = Matrix.from([[1, 2, 3, 4, 5, 6, 7, 8]]);
  const passed = straightThrough(gradient, weights, { bits: 3, clip: 0.5 });
  assertEquals([...passed.data], golden.gradient);
});

Deno.test("straightThrough() is the slope of the loss in which the rounding error is held still", () => {
  // The estimator's definition: w + constant(q(w) − w) has the value of the rounded weight and the slope of w.
  const random = seeded(5);
  const targets = Array.from({ length: 12 }, () => random.normal());
  const weights = new Matrix(2, 6, Float32Array.from(targets, () => random.normal()));
  for (const symmetric of [true, false]) {
    const grid = { bits: 3, symmetric };
    const held = roundToNearest(weights, grid).data.map((rounded, i) => rounded - weights.data[i]!);
    const loss = (w: Float64Array) =>
      w.reduce((sum, value, i) => sum + (value + held[i]! - targets[i]!) ** 4, 0);
    const at = Float64Array.from(weights.data);
    const slopes = at.map((_, i) => {
      const [up, down] = [at.slice(), at.slice()];
      up[i]! += 1e-4;
      down[i]! -= 1e-4;
      return (loss(up) - loss(down)) / 2e-4;
    });
    const outer = new Matrix(2, 6, at.map((w, i) => 4 * (w + held[i]! - targets[i]!) ** 3));
    straightThrough(outer, weights, grid).data.forEach((slope, i) =>
      assertAlmostEquals(slope, slopes[i]!, 1e-5)
    );
  }
});

Deno.test("straightThrough() passes everything when nothing is clipped, on either grid", () => {
  const random = seeded(6);
  const weights = new Matrix(3, 8, Float32Array.from({ length: 24 }, () => random.normal(1, 1)));
  const gradient = weights.map(() => 1);
  for (const symmetric of [true, false]) {
    assertEquals(
      straightThrough(gradient, weights, { bits: 4, symmetric, groupSize: 4 }).data,
      gradient.data,
    );
  }
});

Deno.test("straightThrough() refuses a gradient of another shape", () => {
  assertThrows(
    () => straightThrough(Matrix.zeros(2, 3), Matrix.zeros(3, 2), { bits: 4 }),
    TypeError,
    "3 x 2",
  );
});
