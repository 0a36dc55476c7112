import { assert, assertEquals, assertThrows } from "@std/assert";
import { Matrix } from "@fewer-bytes/numeric";
import { calibrate, outputError } from "@fewer-bytes/quantization";
import { type Amount, density, pruneTransform, twoOfFour } from "@fewer-bytes/sparsity";
import type { Story } from "@fewer-bytes/lm";
import { tinyModel } from "../lm/runtime/tiny.ts";

/** Not a story of the language, which the tiny model does not know: any tokens will do. */
const text: Story = {
  tokens: Uint16Array.from({ length: 60 }, (_, i) => i * i * 7 % 23),
  surprise: new Float64Array(60),
  recalls: [],
};
const dense = tinyModel();
const calibration = calibrate(dense, [text]);
const methods = ["magnitude", "wanda", "sparsegpt"] as const;
const matricesOf = (model: typeof dense) =>
  model.layers.flatMap((
    { queries, keys, values, output, gate, up, down },
  ) => [queries, keys, values, output, gate, up, down]);

Deno.test("pruneTransform() prunes each matrix of the layers to what was asked, by each method", () => {
  for (const method of methods) {
    for (
      const [amount, left] of [[0.25, 0.75], [0.5, 0.5], [0.75, 0.25], [twoOfFour, 0.5]] as const
    ) {
      const model = tinyModel(pruneTransform({ method, amount, calibration }));
      for (const { name, data } of matricesOf(model)) assertEquals(density(data), left, name);
      assertEquals(model.embedding.data, dense.embedding.data);
    }
  }
});

Deno.test("pruneTransform() errs least by SparseGPT and most by magnitudes, over the matrices of a model", () => {
  const error = (method: typeof methods[number], amount: Amount) => {
    const pruned = matricesOf(tinyModel(pruneTransform({ method, amount, calibration })));
    return matricesOf(dense).reduce((sum, { name, outputs, inputs, data }, i) => {
      const [before, after] = [data, pruned[i]!.data].map((d) => new Matrix(outputs, inputs, d));
      return sum + outputError(before!, after!, calibration.get(name)!);
    }, 0);
  };
  for (const amount of [0.5, twoOfFour]) {
    const [magnitude, wanda, sparseGpt] = methods.map((method) => error(method, amount));
    assert(sparseGpt! < wanda! && wanda! < magnitude!, `${magnitude} ${wanda} ${sparseGpt}`);
  }
});

Deno.test("pruneTransform() prunes only what it is told to", () => {
  const prunes = (name: string) => name.endsWith("down_proj.weight");
  const model = tinyModel(pruneTransform({ method: "magnitude", amount: 0.5, prunes }));
  assertEquals(density(model.layers[0]!.down.data), 0.5);
  assertEquals(model.layers[0]!.up.data, dense.layers[0]!.up.data);
});

Deno.test("pruneTransform() leaves the weights that it was given as they were", () => {
  const before = dense.layers[0]!.down.data.slice();
  for (const method of methods) {
    pruneTransform({ method, amount: 0.5, calibration })(dense.layers[0]!.down);
  }
  assertEquals(dense.layers[0]!.down.data, before);
});

Deno.test("pruneTransform() refuses Wanda and SparseGPT without a calibration, and matrices it did not see", () => {
  assertThrows(() => pruneTransform({ method: "wanda", amount: 0.5 }), TypeError, "calibration");
  const other = pruneTransform({ method: "sparsegpt", amount: 0.5, calibration: new Map() });
  assertThrows(() => tinyModel(other), RangeError, "it saw 0 others");
});
