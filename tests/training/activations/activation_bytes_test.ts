import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import {
  activationBytes,
  keptActivations,
  layerActivationFormula,
  splitLayerActivationFormula,
} from "@fewer-bytes/training";
import fc from "fast-check";
import { gpt, gptShapes } from "../gpt_shape.ts";

const classic = { attention: "scores", dropout: true } as const;
const lengths = fc.integer({ min: 1, max: 4096 });

Deno.test("a GPT layer keeps sbh(34 + 5as/h), Korthikanti's equation 1", () => {
  fc.assert(fc.property(gptShapes, lengths, fc.integer({ min: 1, max: 8 }), (shape, s, b) => {
    const rows = keptActivations(gpt(shape), { sequences: b, tokens: s }, classic);
    const inside = rows.filter(({ inLayers }) => inLayers);
    const found = inside.reduce((sum, { bytes }) => sum + bytes, 0) / shape.layers;
    const wanted = layerActivationFormula.evaluate({ s, b, h: shape.hidden, a: shape.heads });
    assertAlmostEquals(found, wanted, 1e-9 * wanted);
  }));
});

Deno.test("on one of t devices it keeps sbh(10 + 24/t + 5as/ht), equation 2, and a t-th of all with a split sequence", () => {
  fc.assert(fc.property(gptShapes, lengths, fc.constantFrom(1, 2, 4, 8), (shape, s, t) => {
    const batch = { sequences: 1, tokens: s };
    const layers = (splitSequence: boolean) =>
      keptActivations(gpt(shape), batch, { ...classic, devices: t, splitSequence })
        .reduce((sum, { bytes, inLayers }) => sum + (inLayers ? bytes : 0), 0) / shape.layers;
    const values = { s, b: 1, h: shape.hidden, a: shape.heads };
    const wanted = splitLayerActivationFormula.evaluate({ ...values, t });
    assertAlmostEquals(layers(false), wanted, 1e-9 * wanted);
    const whole = layerActivationFormula.evaluate(values);
    assertAlmostEquals(layers(true), whole / t, 1e-9 * whole);
  }));
});

Deno.test("selective recomputation leaves 34sbh, full recomputation 2sbh, the paper's table 2", () => {
  const shape = { hidden: 1024, heads: 16, layers: 24, vocabulary: 50_000 };
  const batch = { sequences: 2, tokens: 512 }, sbh = 2 * 512 * 1024;
  // Before and behind the layers: embedding's mask, the inputs of the last norm and of the head, logits in 32 bits.
  const ends = sbh + 4 * sbh * (1 + 50_000 / 1024);
  const of = (recompute: "attention" | "layers") =>
    activationBytes(gpt(shape), batch, { ...classic, recompute });
  assertAlmostEquals(of("attention").kept, 24 * 34 * sbh + ends, 1);
  assertAlmostEquals(of("layers").kept, 24 * 2 * sbh + ends, 1);
  assertAlmostEquals(of("layers").working, (34 + 5 * 16 * 512 / 1024) * sbh, 1);
  assertAlmostEquals(of("attention").working, 5 * 16 * 512 / 1024 * sbh, 1);
});

// NVIDIA/Megatron-LM, megatron/training/theoretical_memory_usage.py: sbh(18 + 4·ffn/h) a layer with selective
// recomputation, read in the repository.
Deno.test("a plain network of any width keeps 18 + 4·f/h, as Megatron-LM counts", () => {
  const model = findModel("opt-6.7b"); // ffn = 4h; widen it
  const group = model.layers[0]!;
  const wide = { ...group.feedForward, intermediateSize: 3 * model.hiddenSize };
  const changed = { ...model, layers: [{ ...group, feedForward: wide }] };
  const kept = keptActivations(changed, { sequences: 1, tokens: 1 }, classic)
    .filter(({ inLayers, scores }) => inLayers && !scores)
    .reduce((sum, { bytes }) => sum + bytes, 0);
  assertEquals(kept / group.count / model.hiddenSize, 18 + 4 * 3);
});

Deno.test("scores are 70 % of what GPT-3 keeps and 65 % of MT-NLG, as the paper says", () => {
  const share = (shape: Parameters<typeof gpt>[0]) => {
    const rows = keptActivations(gpt(shape), { sequences: 1, tokens: 2048 }, classic)
      .filter(({ inLayers }) => inLayers);
    const all = rows.reduce((sum, { bytes }) => sum + bytes, 0);
    return rows.reduce((sum, { bytes, scores }) => sum + (scores ? bytes : 0), 0) / all;
  };
  const vocabulary = 51_200;
  assertAlmostEquals(share({ hidden: 12288, heads: 96, layers: 96, vocabulary }), 0.70, 0.005);
  assertAlmostEquals(share({ hidden: 20480, heads: 128, layers: 105, vocabulary }), 0.65, 0.005);
});

Deno.test("less is kept the more is computed again, for every way", () => {
  for (const name of ["llama-3.1-8b", "mixtral-8x7b", "deepseek-v2-lite", "gpt2-xl"]) {
    const model = findModel(name), batch = { sequences: 1, tokens: 1024 };
    const kept = (["nothing", "attention", "layers"] as const).map((recompute) =>
      activationBytes(model, batch, { ...classic, recompute }).total
    );
    assert(kept[0]! > kept[1]! && kept[1]! > kept[2]!, name);
  }
});
