import { assert, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  bestRound,
  largestPayingBatch,
  selfSpeculation,
  shortestPayingContext,
  type Speculation,
  speculativeRound,
} from "@fewer-bytes/decoding";

const on = { hardware: findHardware("nvidia-h100-sxm"), devices: 4 };
const pair: Speculation = {
  target: { ...on, model: findModel("llama-3.1-70b") },
  draft: { ...on, model: findModel("llama-3.1-8b") },
  acceptance: 0.7,
};
const gain = (speculation: Speculation, batch: number, context = 2000) =>
  bestRound(speculation, { batch, context }).speedup;

Deno.test("bestRound() is no worse than any length, and shortens drafts as the batch grows", () => {
  const place = { batch: 32, context: 2000 };
  const best = bestRound(pair, place);
  for (let length = 0; length <= 16; length++) {
    assert(speculativeRound(pair, place, length).speedup <= best.speedup);
  }
  const lengths = [1, 32, 128, 512].map((batch) =>
    bestRound(pair, { ...place, batch }).draftLength
  );
  assertEquals(lengths, lengths.toSorted((a, b) => b - a));
  assertEquals(lengths.at(-1), 0);
});

Deno.test("largestPayingBatch() is the last one: the next does not pay", () => {
  const batch = largestPayingBatch(pair, 2000, { limit: 1000 });
  assert(batch > 1 && batch < 1000);
  assert(gain(pair, batch) > 1);
  assertEquals(gain(pair, batch + 1), 1);
});

Deno.test("largestPayingBatch() can ask for more than a hair's breadth", () => {
  const half = largestPayingBatch(pair, 2000, { limit: 1000, gain: 1.5 });
  assert(half < largestPayingBatch(pair, 2000, { limit: 1000 }));
  assert(gain(pair, half) > 1.5 && gain(pair, half + 1) <= 1.5);
});

Deno.test("largestPayingBatch() tells never from always", () => {
  assertEquals(largestPayingBatch({ ...pair, acceptance: 0.05 }, 2000, { limit: 64 }), 0);
  assertEquals(largestPayingBatch(pair, 16_000, { limit: 500 }), 500);
});

Deno.test("a mixture of experts gains least from drafts at small batches, a dense model most", () => {
  const h100 = { hardware: findHardware("nvidia-h100-sxm") };
  const draft = { ...h100, model: findModel("qwen3-0.6b") };
  const [experts, dense] = ["qwen3-30b-a3b", "qwen3-32b"].map((name) => ({
    target: { ...h100, model: findModel(name) },
    draft,
    acceptance: 0.8,
  }));
  assert(gain(experts!, 1) < 1.1 && gain(dense!, 1) > 3);
  assert(gain(experts!, 32) > 1.5 * gain(experts!, 1));
  assert(gain(dense!, 32) < gain(dense!, 1));
});

Deno.test("shortestPayingContext() is the first one, and falls as the batch grows", () => {
  const reads = { name: "512 tokens", attended: (visible: number) => Math.min(visible, 512) };
  const target = { model: findModel("llama-3.1-8b"), hardware: on.hardware };
  const self = selfSpeculation(target, reads, 0.8);
  const [few, many] = [8, 64].map((batch) => shortestPayingContext(self, batch));
  assert(few! > many!);
  assert(gain(self, 8, few!) > 1 && gain(self, 8, few! - 1) === 1);
  assertEquals(shortestPayingContext({ ...self, acceptance: 0 }, 8), Infinity);
  assertEquals(shortestPayingContext(pair, 1), 0);
});

Deno.test("limits and gains out of range are refused", () => {
  assertThrows(() => largestPayingBatch(pair, 10, { limit: 0 }), RangeError, "the limit");
  assertThrows(() => largestPayingBatch(pair, 10, { gain: 0.5 }), RangeError, "the gain");
  assertThrows(() => bestRound(pair, { context: 10 }, { longest: -1 }), RangeError, "the longest");
});
