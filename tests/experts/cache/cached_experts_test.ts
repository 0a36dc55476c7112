import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { decodeSeconds } from "@fewer-bytes/decoding";
import { cachedStep, expertReads } from "@fewer-bytes/experts";
import { parameters } from "@fewer-bytes/transformer";

const model = findModel("qwen3-30b-a3b");
const deployment = { model, hardware: findHardware("nvidia-rtx-4090") };
const tier = { name: "host", capacity: 1e12, bandwidth: 32e9 };
const place = { context: 2000 };

Deno.test("cachedStep() with a slot for each expert is the plain step", () => {
  const { misses, loaded, seconds, compute, kept } = cachedStep(deployment, place, {
    slots: 128,
    tier,
  });
  assertEquals([misses, loaded], [0, 0]);
  assertEquals(seconds, compute);
  assertAlmostEquals(compute, decodeSeconds(deployment, place), 1e-12);
  assertEquals(kept, 2 * parameters(model).total);
});

Deno.test("cachedStep() without slots brings all that is read, and keeps the rest of the model", () => {
  const { misses, asked, loaded, load, kept, seconds, foreseen, compute } = cachedStep(
    deployment,
    { ...place, batch: 4 },
    { slots: 0, tier },
  );
  const { routed, all } = expertReads(model, 4);
  assertAlmostEquals(misses / asked, 1, 1e-12);
  assertAlmostEquals(loaded / routed, 1, 1e-9);
  assertAlmostEquals(load, loaded / 32e9, 1e-12);
  assertAlmostEquals(kept, 2 * parameters(model).total - all, 1);
  assertAlmostEquals(seconds, compute + load, 1e-12);
  assertEquals(foreseen, Math.max(compute, load));
});

Deno.test("cachedStep() gains from slots, skew and repetition, and nothing for a large batch", () => {
  const at = (more: object, batch = 1) =>
    cachedStep(deployment, { ...place, batch }, { slots: 64, tier, ...more });
  assertAlmostEquals(at({}).misses, 4, 1e-6); // half of eight
  assert(at({ slots: 96 }).load < at({}).load);
  assert(at({ exponent: 1 }).load < at({}).load);
  assert(at({ exponent: 1, keeps: "popular" }).load < at({ exponent: 1 }).load);
  assertAlmostEquals(at({ repeat: 0.25 }).load / at({}).load, 0.75, 1e-9);
  assertAlmostEquals(at({}, 256).misses, 64, 0.1); // all are read, and half are there
});

Deno.test("cachedStep() splits experts among devices, each with its link, and refuses dense models", () => {
  const two = cachedStep({ ...deployment, devices: 2 }, place, { slots: 32, tier });
  const one = cachedStep(deployment, place, { slots: 32, tier });
  assertAlmostEquals(two.load / one.load, 0.5, 1e-9);
  const dense = { ...deployment, model: findModel("qwen3-8b") };
  assertThrows(() => cachedStep(dense, place, { slots: 1, tier }), RangeError, "must have some");
  assertThrows(() => cachedStep(deployment, place, { slots: -1, tier }), RangeError, "the slots");
  const stuck = { ...tier, bandwidth: 0 };
  assertThrows(() => cachedStep(deployment, place, { slots: 1, tier: stuck }), RangeError);
});
