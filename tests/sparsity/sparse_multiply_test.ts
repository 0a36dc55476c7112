import { assert, assertEquals, assertThrows } from "@std/assert";
import { denseCache, forward, type LanguageModel, multiplyRows } from "@fewer-bytes/lm";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  applyMask,
  type CompressedTwoFour,
  compressTwoFour,
  magnitudeMask,
  multiplyCompressed,
  multiplyTwoFour,
  pruneTransform,
  twoOfFour,
} from "@fewer-bytes/sparsity";
import { tinyModel } from "../lm/runtime/tiny.ts";

Deno.test("multiplyTwoFour() gives the sums of the dense product with the masked matrix, to the last bit", () => {
  const random = seeded(3);
  for (const [outputs, inputs, rows] of [[5, 12, 3], [16, 64, 1], [1, 4, 2]] as const) {
    const dense = Matrix.zeros(outputs, inputs).map(() => random.normal());
    const masked = applyMask(dense, magnitudeMask(dense, twoOfFour));
    const x = Float32Array.from({ length: rows * inputs }, () => random.normal());
    const [expected, own] = [1, 2].map(() => new Float32Array(rows * outputs));
    multiplyRows(x, rows, { name: "w", outputs, inputs, data: masked.data }, expected!);
    multiplyTwoFour(x, rows, compressTwoFour(masked), own!);
    assertEquals(own, expected);
  }
});

Deno.test("multiplyCompressed() runs a pruned model from its compressed matrices, with the same logits", () => {
  const model = tinyModel(pruneTransform({ method: "magnitude", amount: twoOfFour }));
  const compressed = new Map<string, CompressedTwoFour>();
  for (const layer of model.layers) {
    for (const { name, outputs, inputs, data } of [layer.queries, layer.up, layer.down]) {
      compressed.set(name, compressTwoFour(new Matrix(outputs, inputs, data)));
    }
  }
  assertEquals(compressed.size, 9);
  const run = (from: LanguageModel, multiply = multiplyRows) =>
    forward(from, [{ tokens: [3, 1, 4], cache: denseCache(from) }], {
      multiply,
      logits: "all",
    })[0]!;
  assertEquals(run(model, multiplyCompressed(compressed)), run(model));
  assert(run(tinyModel()).some((logit, i) => logit !== run(model)[i]));
});

Deno.test("multiplyTwoFour() refuses activations or results of another size", () => {
  const compressed = compressTwoFour(Matrix.zeros(2, 4));
  const y = new Float32Array(2);
  assertThrows(() => multiplyTwoFour(new Float32Array(5), 1, compressed, y), TypeError, "4 and 2");
  assertThrows(() => multiplyTwoFour(new Float32Array(8), 2, compressed, y), TypeError, "8 and 4");
});
