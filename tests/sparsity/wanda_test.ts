import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix } from "@fewer-bytes/numeric";
import { inputStatistics, outputError } from "@fewer-bytes/quantization";
import {
  applyMask,
  channelNorms,
  magnitudeMask,
  patterns,
  twoOfFour,
  wandaMask,
} from "@fewer-bytes/sparsity";
import originals from "./fixtures/originals.json" with { type: "json" };
import { originalLayer, randomLayer } from "./layer.ts";

Deno.test("wandaMask() is the mask that the authors' program makes, for a share and for 2:4", () => {
  const norms = channelNorms(inputStatistics(originalLayer.inputs));
  assertEquals(wandaMask(originalLayer.weights, norms, 0.5).join(""), originals.wandaHalf);
  assertEquals(
    wandaMask(originalLayer.weights, norms, twoOfFour).join(""),
    originals.wandaTwoOfFour,
  );
});

Deno.test("channelNorms() are the ones that the authors' program finds", () => {
  channelNorms(inputStatistics(originalLayer.inputs)).forEach((norm, channel) =>
    assertAlmostEquals(norm / originals.norms[channel]!, 1, 1e-5)
  );
});

Deno.test("wandaMask() is the best of all masks of a row when channels are uncorrelated, by brute force", () => {
  const someNumber = fc.double({ min: 0.01, max: 9, noNaN: true });
  const eight = { minLength: 8, maxLength: 8 };
  fc.assert(
    fc.property(fc.array(someNumber, eight), fc.array(someNumber, eight), (row, norms) => {
      const weights = new Matrix(1, 8, Float64Array.from(row));
      const gram = Matrix.zeros(8, 8).map((_, i) => i % 9 === 0 ? norms[i / 9]! ** 2 : 0);
      const statistics = { gram: new Matrix(8, 8, Float64Array.from(gram.data)), tokens: 1 };
      const error = (mask: Uint8Array<ArrayBuffer>) =>
        outputError(weights, applyMask(weights, mask), statistics);
      const best = Math.min(...patterns({ kept: 5, of: 8 }).map(error));
      const own = error(wandaMask(weights, channelNorms(statistics), 3 / 8));
      assert(own <= best * (1 + 1e-6));
    }),
    { numRuns: 30 },
  );
});

Deno.test("wandaMask() is the magnitude mask of each row when all channels are equally loud", () => {
  const { weights } = randomLayer(3);
  const norms = new Array(weights.columns).fill(7);
  assertEquals(wandaMask(weights, norms, 0.3), magnitudeMask(weights, 0.3, "row"));
});

Deno.test("wandaMask() does not change with a factor in all norms, nor with the sign of weights", () => {
  const { weights, gram } = randomLayer(4);
  const norms = channelNorms({ gram });
  const mask = wandaMask(weights, norms, 0.5);
  assertEquals(wandaMask(weights, norms.map((norm) => 4 * norm), 0.5), mask);
  assertEquals(wandaMask(weights.map((weight) => -weight), norms, 0.5), mask);
});

Deno.test("wandaMask() errs less than magnitudes on layers with loud and silent channels", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const { weights, inputs } = randomLayer(seed, 16, 64);
    const statistics = inputStatistics(inputs);
    const error = (mask: Uint8Array<ArrayBuffer>) =>
      outputError(weights, applyMask(weights, mask), statistics);
    assert(
      error(wandaMask(weights, channelNorms(statistics), 0.5)) < error(magnitudeMask(weights, 0.5)),
    );
  }
});

Deno.test("wandaMask() refuses norms that are missing, negative or NaN", () => {
  const weights = Matrix.from([[1, 2]]);
  assertThrows(() => wandaMask(weights, [1], 0.5), TypeError, "current number is 1");
  assertThrows(() => wandaMask(weights, [1, -1], 0.5), RangeError, "current value is -1");
  assertThrows(() => wandaMask(weights, [NaN, 1], 0.5), RangeError, "current value is NaN");
});
