import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  contextWhereCacheOutweighs,
  decodeAttentionIntensity,
  headIntensityFormula,
  latentIntensityFormula,
  outweighFormula,
} from "@fewer-bytes/attention";
import { type Attention, findModel, modelNames } from "@fewer-bytes/catalog";
import {
  cacheBytesPerToken,
  halfPrecision,
  operators,
  sumOperators,
} from "@fewer-bytes/transformer";

const base = findModel("llama-3.1-8b");
const withAttention = (attention: Attention) => ({
  ...base,
  layers: [{ ...base.layers[0]!, attention }],
});

Deno.test("the printed formula of heads computes what the operator table comes to at long context", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 16 }),
    fc.integer({ min: 1, max: 16 }),
    fc.integer({ min: 1, max: 256 }),
    fc.integer({ min: 1, max: 16 }),
    fc.boolean(),
    (keyValueHeads, group, dimension, batch, narrow) => {
      const queryHeads = keyValueHeads * group;
      const model = withAttention({
        kind: "heads",
        queryHeads,
        keyValueHeads,
        headDimension: dimension,
        extraParameters: 0,
      });
      const formats = { ...halfPrecision, cache: narrow ? "fp8" as const : "bf16" as const };
      const size = narrow ? 1 : 2;
      const printed = headIntensityFormula.evaluate({ queryHeads, keyValueHeads, dimension, size });
      assertAlmostEquals(printed, 2 * group / size, 1e-9);
      const counted = decodeAttentionIntensity(model, 1e8, { batch, formats });
      assertAlmostEquals(counted / printed, 1, 1e-5);
    },
  ));
});

Deno.test("the printed formula of latent attention computes what the operator table comes to at long context", () => {
  const width = fc.integer({ min: 1, max: 512 });
  fc.assert(fc.property(width, width, width, (heads, rank, rotary) => {
    const model = withAttention({
      kind: "latent",
      queryHeads: heads,
      keyValueRank: rank,
      rotaryDimension: rotary,
      keyDimension: 128,
      valueDimension: 128,
      extraParameters: 0,
    });
    const printed = latentIntensityFormula.evaluate({ heads, rank, rotary, size: 2 });
    assertAlmostEquals(decodeAttentionIntensity(model, 1e9) / printed, 1, 1e-4);
  }));
});

Deno.test("decodeAttentionIntensity() is 1 for MHA, the group for GQA, and 241.8 for DeepSeek-V3", () => {
  // By hand: 128 heads x 2 x (576 + 512) FLOP for each latent of 576 x 2 bytes.
  assertAlmostEquals(128 * 2 * (576 + 512) / (576 * 2), 241.78, 0.01);
  const expected = { "gpt-3-175b": 1, "llama-2-70b": 8, "falcon-7b": 71, "deepseek-v3": 241.78 };
  for (const [name, intensity] of Object.entries(expected)) {
    assertAlmostEquals(decodeAttentionIntensity(findModel(name), 1e8), intensity, 0.01);
  }
});

Deno.test("a batch does not change the intensity of attention, as no two sequences share a cache", () => {
  for (const name of ["llama-3.1-8b", "deepseek-v3"]) {
    const [one, many] = [1, 64].map((batch) =>
      decodeAttentionIntensity(findModel(name), 4096, { batch })
    );
    assertAlmostEquals(one!, many!, 1e-9);
  }
});

Deno.test("contextWhereCacheOutweighs() is where the operator table says it is, and what the printed formula computes", () => {
  for (const name of modelNames) {
    const model = findModel(name);
    for (const batch of [1, 16]) {
      const context = contextWhereCacheOutweighs(model, { batch });
      if (context === Infinity) continue;
      // The table also counts the new token, seen and written, in each layer; where few layers grow it weighs some tokens.
      const at = (context: number) =>
        sumOperators(operators(model, { phase: "decode", batch, newTokens: 1, context })).bytes;
      assert(at(context).cache >= at(context).weights, `${name}: outweighs`);
      assert(context < 10 || at(context - 10).cache < at(context).weights, `${name}: not before`);
      const windowed = model.layers.some(({ attention }) =>
        attention.kind === "heads" && attention.window
      );
      if (windowed) continue;
      const printed = outweighFormula.evaluate({
        weights: at(0).weights,
        batch,
        cache: cacheBytesPerToken(model),
      });
      assertEquals(context, Math.ceil(printed));
    }
  }
});

Deno.test("contextWhereCacheOutweighs() says Infinity when every layer has a window that is too small", () => {
  assertEquals(contextWhereCacheOutweighs(findModel("mistral-7b-v0.1")), Infinity);
});

Deno.test("a batch that is none is refused", () => {
  assertThrows(() => contextWhereCacheOutweighs(base, { batch: 0 }), RangeError, "batch");
  assertThrows(() => decodeAttentionIntensity(base, NaN), RangeError, "context");
});
