import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import {
  denseCache,
  forward,
  type LanguageModel,
  type MultiplyRows,
  multiplyRows,
  outlierTwin,
} from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import {
  incoherence,
  onlineHadamard,
  randomHadamard,
  rotateModel,
} from "@fewer-bytes/quantization";
import { tinyModel } from "../../lm/runtime/tiny.ts";

const tokens = [3, 1, 4, 1, 5, 9, 2, 6];
const run = (model: LanguageModel, multiply?: MultiplyRows) =>
  forward(model, [{ tokens, cache: denseCache(model) }], {
    logits: "all",
    ...(multiply ? { multiply } : {}),
  })[0]!;

const hidden = randomHadamard(24, seeded(1));

Deno.test("rotateModel() leaves the logits, with each of its rotations", () => {
  const model = tinyModel();
  const expected = run(model);
  for (const values of [false, true]) {
    for (const down of [false, true]) {
      const rotated = rotateModel(model, { hidden, values, down });
      const logits = run(rotated, down ? onlineHadamard() : undefined);
      logits.forEach((logit, i) => assertAlmostEquals(logit, expected[i]!, 2e-4));
    }
  }
});

Deno.test("rotateModel() with the down rotation needs the online transform", () => {
  const model = tinyModel();
  const expected = run(model);
  const logits = run(rotateModel(model, { hidden, down: true }));
  assertGreater(Math.max(...logits.map((logit, i) => Math.abs(logit - expected[i]!))), 0.1);
});

Deno.test("rotateModel() leaves none of the weights that touch the hidden state as they were", () => {
  const model = tinyModel();
  const rotated = rotateModel(model, { hidden });
  for (const [index, layer] of model.layers.entries()) {
    for (
      const part of ["queries", "keys", "values", "output", "gate", "up", "down"] as const
    ) {
      const after = rotated.layers[index]![part].data;
      assertGreater(Math.max(...layer[part].data.map((w, i) => Math.abs(w - after[i]!))), 0.1);
    }
  }
});

/** The largest incoherence of a token's activations at the entry of some matrices. */
function worst(model: LanguageModel, part: string): number {
  let result = 0;
  run(model, (x, rows, weight, y) => {
    if (weight.name.includes(part)) {
      for (let row = 0; row < rows; row++) {
        const token = x.subarray(row * weight.inputs, (row + 1) * weight.inputs);
        result = Math.max(result, incoherence(token));
      }
    }
    multiplyRows(x, rows, weight, y);
  });
  return result;
}

Deno.test("rotateModel() takes away the outlier channels that large models have", () => {
  const twin = outlierTwin(tinyModel(), { channels: 1 });
  for (const part of ["q_proj", "gate_proj"]) {
    assertGreater(worst(twin, part), 4.5); // a single channel of 24 would be √24 = 4.9
    assertLess(worst(rotateModel(twin, { hidden }), part), 3.6);
  }
});

Deno.test("onlineHadamard() passes on the other matrices, and does not touch what it is given", () => {
  const weight = { name: "q_proj.weight", outputs: 1, inputs: 2, data: Float32Array.of(1, 1) };
  const seen: Float32Array[] = [];
  const multiply = onlineHadamard((x) => seen.push(x));
  const x = Float32Array.of(1, 2);
  multiply(x, 1, weight, new Float32Array(1));
  multiply(x, 1, { ...weight, name: "model.layers.1.mlp.down_proj.weight" }, new Float32Array(1));
  assertEquals(seen[0], x);
  assertEquals([...x], [1, 2]);
  assertAlmostEquals(seen[1]![0]!, 3 / Math.SQRT2, 1e-6);
});

Deno.test("rotateModel() refuses a rotation of another size", () => {
  assertThrows(
    () => rotateModel(tinyModel(), { hidden: randomHadamard(12, seeded(1)) }),
    RangeError,
    "must be 24 x 24: current shape is 12 x 12",
  );
});
