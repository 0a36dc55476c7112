import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Matrix } from "@fewer-bytes/numeric";
import { dampen, hessian, inputStatistics, inverseFactor } from "@fewer-bytes/quantization";
import { inv } from "mathjs";
import { assertClose, mixedActivations, randomMatrix } from "./support.ts";

Deno.test("hessian() is the second derivative of the mean squared output, taken numerically", () => {
  const x = randomMatrix(1, 20, 4);
  const curvature = hessian(inputStatistics(x));
  const loss = (w: number[]) =>
    x.toRows().reduce((sum, row) => sum + row.reduce((y, v, i) => y + v * w[i]!, 0) ** 2, 0) / 20;
  for (const [i, j] of [[0, 0], [1, 3], [2, 1]] as const) {
    const at = (a: number, b: number) => {
      const w = [0.3, -0.2, 0.5, 0.1];
      w[i]! += a;
      w[j]! += b;
      return loss(w);
    };
    const h = 0.5; // the loss is a parabola, so the difference is exact for any step
    const second = (at(h, h) - at(h, -h) - at(-h, h) + at(-h, -h)) / (4 * h * h);
    assertAlmostEquals(curvature.get(i, j), second, 1e-6);
  }
});

Deno.test("dampen() adds the share of the mean diagonal to the diagonal, and changes nothing else", () => {
  const curvature = hessian(inputStatistics(randomMatrix(1, 20, 5)));
  const mean = [0, 1, 2, 3, 4].reduce((sum, i) => sum + curvature.get(i, i), 0) / 5;
  const damped = dampen(curvature, 0.1);
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 5; j++) {
      const added = i === j ? 0.1 * mean : 0;
      assertAlmostEquals(damped.get(i, j), curvature.get(i, j) + added, 1e-12);
    }
  }
  assertEquals(dampen(curvature, 0).data, curvature.data);
});

Deno.test("inverseFactor() has the inverse of the permuted and damped Hessian as its square", () => {
  const curvature = hessian(inputStatistics(mixedActivations(1, 20, 6)));
  const order = [3, 0, 5, 1, 4, 2];
  const damped = dampen(curvature, 0.02);
  const upper = inverseFactor(curvature, order, 0.02);
  const expected = inv(order.map((i) => order.map((j) => damped.get(i, j))));
  assertClose(upper.transpose().multiply(upper).data, expected.flat(), 1e-9);
});

Deno.test("dampen() and inverseFactor() refuse what they cannot use", () => {
  assertThrows(() => dampen(Matrix.from([[1, 2]])), TypeError, "must be square");
  assertThrows(() => dampen(Matrix.from([[1]]), NaN), RangeError, "the share");
  assertThrows(
    () => inverseFactor(Matrix.from([[1, 1], [1, 1]]), [0, 1], 0),
    RangeError,
    "must have an inverse: current damping is 0",
  );
});
