import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { denseCache, forward, loadModel } from "@fewer-bytes/lm";
import { keptActivations, tapeBytes, tapeLayer } from "@fewer-bytes/training";
import { smallModel } from "./small_model.ts";

Deno.test("layer after layer, tapes give what the runtime of the model gives", () => {
  const model = smallModel(), tokens = [3, 1, 4, 1, 5, 9, 2, 6];
  const { hiddenSize } = model.shape;
  let rows = Float32Array.from(tokens.flatMap((token) => [
    ...model.embedding.data.subarray(token * hiddenSize, (token + 1) * hiddenSize),
  ]));
  for (const index of model.layers.keys()) {
    rows = Float32Array.from(tapeLayer(model, index, rows).output);
  }
  const scale = (row: Float32Array) => Math.sqrt(row.reduce((sum, x) => sum + x * x, 0) / 8 + 1e-5);
  const last = rows.subarray(-hiddenSize), size = scale(last);
  const logits = Float32Array.from({ length: model.shape.vocabularySize }, (_, token) => {
    const weights = model.head.data.subarray(token * hiddenSize, (token + 1) * hiddenSize);
    return weights.reduce((sum, weight, i) => sum + weight * last[i]! / size * model.norm[i]!, 0);
  });
  const [expected] = forward(model, [{ tokens, cache: denseCache(model) }]);
  logits.forEach((logit, i) => assertAlmostEquals(logit, expected![i]!, 1e-5));
});

Deno.test("a tape has the bytes that keptActivations() counts, with grouped heads and a gated network", async () => {
  for (const [model, tokens] of [[smallModel(), 5], [await loadModel("draft"), 12]] as const) {
    const input = Float32Array.from({ length: tokens * model.shape.hiddenSize }, (_, i) => i % 7);
    const rows = keptActivations(model.shape, { sequences: 1, tokens }, { format: "fp32" });
    const all = rows.reduce((sum, { inLayers, bytes }) => sum + (inLayers ? bytes : 0), 0);
    assertEquals(tapeBytes(tapeLayer(model, 0, input)), all / model.layers.length);
  }
});

Deno.test("layers that are not there, or see only a window, are refused", () => {
  const input = new Float32Array(16);
  assertThrows(() => tapeLayer(smallModel(), 2, input), RangeError, "below 2");
  const windowed = smallModel({
    sliding_window: 4,
    layer_types: ["full_attention", "sliding_attention"],
  });
  assertThrows(() => tapeLayer(windowed, 1, input), RangeError, "the window of layer 1 is 4");
});
