import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import {
  type ActivationOptions,
  type KeptActivation,
  keptActivations,
} from "@fewer-bytes/training";

const sum = (rows: readonly KeptActivation[]) =>
  rows.reduce((total, { bytes, inLayers }) => total + (inLayers ? bytes : 0), 0);

Deno.test("latent attention keeps keys and values of all heads, which inference never makes", () => {
  const rows = keptActivations(findModel("deepseek-v3"), { sequences: 1, tokens: 1 });
  const wide = rows.find(({ what }) => what === "keys and values")!;
  assertEquals(wide.bytes / wide.layers, 2 * 128 * (128 + 64 + 128));
});

Deno.test("a layer that shares a cache keeps no keys and values of its own", () => {
  const model = findModel("llama-3.1-8b"), batch = { sequences: 1, tokens: 1 };
  const group = model.layers[0]!;
  assert(group.attention.kind === "heads");
  const shared = { ...group, attention: { ...group.attention, sharesCache: true as const } };
  const without = sum(keptActivations({ ...model, layers: [shared] }, batch));
  assertEquals(sum(keptActivations(model, batch)) - without, 32 * 2 * 2 * 1024);
});

Deno.test("a fused attention keeps 4 bytes a head where the other keeps two for each pair of tokens", () => {
  const model = findModel("llama-2-7b"), tokens = 1024;
  const of = (attention: "scores" | "fused", dropout = false) =>
    sum(keptActivations(model, { sequences: 1, tokens }, { attention, dropout })) / 32 / tokens;
  assertAlmostEquals(of("scores") - of("fused"), 2 * 32 * tokens - 4 * 32, 1e-6);
  const masks = 2 * 4096; // behind attention and behind the feed-forward network
  assertAlmostEquals(of("scores", true) - of("scores"), 3 * 32 * tokens + masks, 1e-6);
});

Deno.test("grouped heads cannot be divided further than they are many: each device keeps a whole one", () => {
  const keys = (devices: number) => {
    const options: ActivationOptions = { devices };
    const rows = keptActivations(findModel("llama-3.1-8b"), { sequences: 1, tokens: 1 }, options);
    return rows.find(({ what }) => what === "keys and values")!.bytes;
  };
  assertEquals([keys(8) / keys(1), keys(16) / keys(1)], [1 / 8, 1 / 8]);
});
