import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  applyMask,
  density,
  globalMagnitudeMasks,
  magnitudeMask,
  twoOfFour,
} from "@fewer-bytes/sparsity";
import { Matrix } from "@fewer-bytes/numeric";
import { randomLayer } from "./layer.ts";

const someWeights = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), {
  minLength: 24,
  maxLength: 24,
}).map((values) => new Matrix(2, 12, Float64Array.from(values)));
const someAmount = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
  fc.constant(twoOfFour),
);

Deno.test("magnitudeMask() of a pruned matrix prunes nothing more: the mask of a mask is itself", () => {
  fc.assert(
    fc.property(someWeights, someAmount, fc.constantFrom("row" as const, "matrix" as const), (
      weights,
      amount,
      scope,
    ) => {
      const mask = magnitudeMask(weights, amount, scope);
      assertEquals(magnitudeMask(applyMask(weights, mask), amount, scope), mask);
    }),
  );
});

Deno.test("magnitudeMask() keeps the largest sum of squares of all masks of its size, by brute force", () => {
  const weights = Matrix.from([[1, -4, 2, 3, -2, 0.5]]);
  const energy = (mask: ArrayLike<number>) =>
    weights.data.reduce((sum, weight, i) => sum + (mask[i] ? weight ** 2 : 0), 0);
  const best = Math.max(
    ...Array.from({ length: 64 }, (_, code) => Array.from({ length: 6 }, (_, i) => code >> i & 1))
      .filter((mask) => mask.reduce((a, b) => a + b) === 4).map(energy),
  );
  assertEquals(energy(magnitudeMask(weights, 1 / 3)), best);
});

Deno.test("magnitudeMask() keeps everything at 0 and nothing at 1", () => {
  const { weights } = randomLayer(1);
  assertEquals(density(magnitudeMask(weights, 0)), 1);
  assertEquals(density(magnitudeMask(weights, 1)), 0);
});

Deno.test("magnitudeMask() refuses a weight that is NaN, and a share above 1", () => {
  assertThrows(() => magnitudeMask(Matrix.from([[NaN, 1]]), 0.5), RangeError, "NaN");
  assertThrows(() => magnitudeMask(Matrix.from([[2, 1]]), 1.1), RangeError, "sparsity");
});

Deno.test("globalMagnitudeMasks() prunes one matrix as magnitudeMask() does", () => {
  fc.assert(
    fc.property(someWeights, fc.double({ min: 0, max: 1, noNaN: true }), (weights, share) => {
      assertEquals(globalMagnitudeMasks([weights], share), [magnitudeMask(weights, share)]);
    }),
  );
});

Deno.test("globalMagnitudeMasks() takes the share from all together, more from matrices of small weights", () => {
  const { weights } = randomLayer(2);
  const masks = globalMagnitudeMasks([weights, weights.map((weight) => weight / 3)], 0.5);
  const [large, small] = masks.map(density);
  assertEquals(large! + small!, 1);
  assert(large! > 0.6 && small! < 0.4);
});
