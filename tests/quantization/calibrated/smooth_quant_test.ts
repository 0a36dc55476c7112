import { assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { denseCache, forward, type LanguageModel, outlierTwin, type Story } from "@fewer-bytes/lm";
import {
  calibrate,
  inputStatistics,
  smoothingScales,
  smoothModel,
} from "@fewer-bytes/quantization";
import fc from "fast-check";
import { channelMaxima } from "../../../lib/quantization/calibrated/smooth_quant.ts";
import { tinyModel } from "../../lm/runtime/tiny.ts";
import golden from "./fixtures/golden.json" with { type: "json" };
import { activations, assertClose, numbers, scrambled, weights } from "./support.ts";

const story: Story = {
  tokens: Uint16Array.of(3, 1, 4, 1, 5, 9, 2, 6),
  surprise: new Float64Array(8),
  recalls: [],
};
const run = (model: LanguageModel) =>
  forward(model, [{ tokens: [3, 1, 4, 1, 5], cache: denseCache(model) }], { logits: "all" })[0]!;

for (const { alpha, scales, gain } of golden.smoothQuant) {
  Deno.test(`smoothingScales() and the smoothed gain equal the original program's for alpha ${alpha}`, () => {
    const { data } = weights(8, 12);
    const matrices = [data.slice(0, 60), data.slice(60)].map((part) => ({
      name: "",
      outputs: part.length / 12,
      inputs: 12,
      data: part,
    }));
    const { maxAbsolute } = inputStatistics(activations(20, 12));
    const actual = smoothingScales(maxAbsolute, channelMaxima(matrices), alpha);
    assertClose(actual, numbers(scales), 1e-5);
    assertClose(actual.map((scale, i) => (scrambled(7000 + i) + 1) / scale), numbers(gain), 1e-5);
  });
}

Deno.test("smoothModel() has the same logits for each alpha, on a model with outliers too", () => {
  for (const model of [tinyModel(), outlierTwin(tinyModel())]) {
    const calibration = calibrate(model, [story]);
    const expected = run(model);
    for (const alpha of [0, 0.3, 0.5, 0.8, 1]) {
      const actual = run(smoothModel(model, calibration, alpha));
      expected.forEach((logit, at) =>
        assertAlmostEquals(actual[at]!, logit, 2e-4, `alpha ${alpha}`)
      );
    }
  }
});

Deno.test("smoothModel() at alpha 0.5 leaves activations and weights with the same largest value in each channel", () => {
  const model = outlierTwin(tinyModel());
  const smooth = smoothModel(model, calibrate(model, [story]));
  const after = calibrate(smooth, [story]);
  for (const layer of smooth.layers) {
    for (const matrices of [[layer.queries, layer.keys, layer.values], [layer.gate, layer.up]]) {
      const { maxAbsolute } = after.get(matrices[0]!.name)!;
      assertClose(maxAbsolute, channelMaxima(matrices), 1e-4);
    }
  }
});

Deno.test("smoothModel() at alpha 1 gives all channels after a norm the same largest activation", () => {
  const model = outlierTwin(tinyModel());
  const smooth = smoothModel(model, calibrate(model, [story]), 1);
  const { maxAbsolute } = calibrate(smooth, [story]).get(smooth.layers[2]!.gate.name)!;
  maxAbsolute.forEach((largest) => assertAlmostEquals(largest, 1, 1e-4));
});

Deno.test("smoothModel() leaves the model that it was given, and all matrices without a norm before them", () => {
  const model = tinyModel();
  const before = run(model);
  const smooth = smoothModel(model, calibrate(model, [story]));
  assertEquals(run(model), before);
  model.layers.forEach((layer, index) => {
    assertEquals(smooth.layers[index]!.down.data, layer.down.data);
    assertEquals(smooth.layers[index]!.output.data, layer.output.data);
  });
});

Deno.test("smoothingScales() share the size of x · w between the two in the ratio of alpha", () => {
  const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
  fc.assert(
    fc.property(positive, positive, fc.double({ min: 0, max: 1, noNaN: true }), (x, w, alpha) => {
      const [scale] = smoothingScales(Float64Array.of(x), Float64Array.of(w), alpha);
      assertAlmostEquals(Math.log(x / scale!), (1 - alpha) * Math.log(x * w), 1e-9);
      assertAlmostEquals(Math.log(w * scale!), alpha * Math.log(x * w), 1e-9);
    }),
    { seed: 1 },
  );
});

Deno.test("smoothingScales() stays finite for dead channels and refuses a bad alpha or other channels", () => {
  for (const alpha of [0, 0.5, 1]) {
    const scales = smoothingScales(Float64Array.of(0, 0, 3), Float64Array.of(0, 2, 0), alpha);
    assertEquals(scales.every((scale) => scale > 0 && Number.isFinite(scale)), true);
  }
  const one = Float64Array.of(1);
  for (const alpha of [-0.1, 2, NaN]) {
    assertThrows(() => smoothingScales(one, one, alpha), RangeError, `current value is ${alpha}`);
  }
  assertThrows(() => smoothingScales(one, Float64Array.of(1, 2)), TypeError, "1 channels");
  assertThrows(
    () => smoothModel(tinyModel(), new Map()),
    RangeError,
    "the calibration must have seen it",
  );
  assertLess(smoothingScales(one, one)[0]! - 1, 1e-12);
});
