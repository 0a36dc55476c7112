import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { isFeedForward, networks, splitLayers } from "@fewer-bytes/disaggregation";
import { stepTime } from "@fewer-bytes/roofline";
import { operators } from "@fewer-bytes/transformer";
import { hardware } from "../setups.ts";

const mixtral = findModel("mixtral-8x7b");
const link = networks["infiniband-ndr"];
const setup = {
  model: mixtral,
  attention: { hardware, devices: 1, servers: 1 },
  feedForward: { hardware, devices: 1 },
  batch: 64,
  context: 700,
  microBatches: 1,
  link,
};

Deno.test("splitLayers() computes what the whole model computes, and sends twice a layer besides", () => {
  for (const model of [mixtral, findModel("llama-3.1-8b"), findModel("deepseek-v2-lite")]) {
    const { times, timePerOutputToken } = splitLayers({ ...setup, model });
    const rows = operators(model, { phase: "decode", batch: 64, newTokens: 1, context: 700 });
    const layers = model.layers.reduce((sum, { count }) => sum + count, 0);
    const computed = stepTime(rows, hardware).seconds;
    assertAlmostEquals(layers * (times.attention + times.feedForward), computed, 1e-9);
    assertAlmostEquals(timePerOutputToken, computed + 2 * layers * times.transfer, 1e-9);
  }
});

Deno.test("splitLayers() sends a hidden state to each of a token's experts, the slower side's share", () => {
  const bytes = 64 * 4096 * 2 * 2; // two experts for each token
  assertAlmostEquals(splitLayers(setup).times.transfer, bytes / link.bandwidth, 1e-15);
  // Four servers send as much each; two feed-forward devices receive twice as much each.
  const many = splitLayers({
    ...setup,
    attention: { ...setup.attention, servers: 4 },
    feedForward: { hardware, devices: 2 },
    latency: 1e-5,
  });
  assertAlmostEquals(many.times.transfer, 2 * bytes / link.bandwidth + 1e-5, 1e-15);
  const dense = splitLayers({ ...setup, model: findModel("llama-3.1-8b") });
  assertAlmostEquals(dense.times.transfer, 64 * 4096 * 2 / link.bandwidth, 1e-15);
});

Deno.test("splitLayers() reads the experts' weights once for all servers", () => {
  const time = (servers: number) =>
    splitLayers({ ...setup, attention: { ...setup.attention, servers } }).times.feedForward;
  // 64 tokens pick all eight experts; twice as many add activations and arithmetic, and no weights.
  assertAlmostEquals(time(2) / time(1), 1, 0.05);
  // A hundred times as many wait for arithmetic, which grows with them.
  const crowd = (servers: number) =>
    splitLayers({ ...setup, batch: 6400, attention: { ...setup.attention, servers } }).times
      .feedForward;
  assertAlmostEquals(crowd(3) / crowd(1), 3, 0.05);
  const more = (batch: number) => splitLayers({ ...setup, batch }).times.attention;
  assert(more(128) > 1.5 * more(64), "each sequence has a cache of its own");
});

Deno.test("splitLayers() counts devices, and tokens for each of them", () => {
  const found = splitLayers({
    ...setup,
    attention: { hardware, devices: 2, servers: 3 },
    feedForward: { hardware, devices: 4 },
    microBatches: 3,
  });
  assertEquals(found.devices, 10);
  assertAlmostEquals(found.tokensPerSecond, 3 * 64 / found.timePerOutputToken, 1e-9);
  assertAlmostEquals(found.tokensPerSecondPerDevice, found.tokensPerSecond / 10, 1e-9);
});

Deno.test("isFeedForward() leaves attention, norms and what is outside of layers to the other side", () => {
  const step = { phase: "decode", batch: 2, newTokens: 1, context: 9 } as const;
  const names = new Set(
    [mixtral, findModel("llama-3.1-8b"), findModel("deepseek-v2-lite")]
      .flatMap((model) => operators(model, step, { devices: 2 })).map(({ name }) => name),
  );
  const other = [...names].filter((name) => !isFeedForward({ name }));
  const sides = /feed-forward|activation function|router|experts/;
  for (const name of names) assertEquals(isFeedForward({ name }), sides.test(name), name);
  for (const name of ["norms", "embedding", "head", "all-reduce"]) {
    assert(other.includes(name), name);
  }
});

Deno.test("splitLayers() refuses counts that are none, and more micro-batches than sequences", () => {
  const attention = (servers: number) => ({ ...setup, attention: { ...setup.attention, servers } });
  assertThrows(() => splitLayers(attention(0)), RangeError, "attention servers");
  assertThrows(() => splitLayers({ ...setup, batch: 0 }), RangeError, "batch");
  assertThrows(() => splitLayers({ ...setup, microBatches: 65 }), RangeError, "<= the batch, 64");
  assertThrows(() => splitLayers({ ...setup, context: -1 }), RangeError, "context");
  const none = { ...setup, feedForward: { hardware, devices: 0 } };
  assertThrows(() => splitLayers(none), RangeError, "feed-forward devices");
});
