import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { prefetchedStep, tensorParallelStep } from "@fewer-bytes/disaggregation";
import { operators } from "@fewer-bytes/transformer";
import fc from "fast-check";
import { hardware } from "../setups.ts";

const model = findModel("llama-3.1-70b");
const deployment = { model, hardware, devices: 8 };
const token = { phase: "decode", batch: 4, newTokens: 1, context: 2000 } as const;
const { bandwidth } = hardware.memory[0];
const onChips = fc.double({ min: 0, max: 2e8, noNaN: true });
const latencies = fc.double({ min: 0, max: 1e-4, noNaN: true });

Deno.test("prefetchedStep() begins from a tensor-parallel step, whose latencies are those of its messages", () => {
  // One communication is a ring of 2 · 7 messages.
  const { without } = prefetchedStep(deployment, token, 1e6, 14 * 2e-6);
  assertAlmostEquals(without, tensorParallelStep(deployment, token, 2e-6).seconds, 1e-9);
});

Deno.test("prefetchedStep() saves the time to read what the chip holds, twice a layer", () => {
  // 1 MB is less than either side reads, and than the link's time allows at 20 us.
  const { without, seconds, bytes } = prefetchedStep(deployment, token, 1e6, 20e-6);
  assertEquals(bytes, 1e6);
  assertAlmostEquals(without - seconds, 2 * 80 * 1e6 / bandwidth, 1e-12);
});

Deno.test("prefetchedStep() hides no more than the time in which devices talk", () => {
  fc.assert(fc.property(onChips, latencies, (onChip, latency) => {
    const { without, seconds, speedup, bytes } = prefetchedStep(deployment, token, onChip, latency);
    const { communication } = tensorParallelStep(deployment, token, latency / 14);
    assert(without - seconds <= communication + 1e-12);
    assert(bytes <= onChip + 1e-6 && speedup >= 1);
    assertAlmostEquals(speedup, without / seconds, 1e-12);
  }));
});

Deno.test("prefetchedStep() reads nothing that the layers do not read anyway", () => {
  // All the time and room of the world: what is read ahead is every weight and key of the layers, once.
  const { bytes, without, seconds } = prefetchedStep(deployment, token, 1e15, 1);
  const rows = operators(model, token, { devices: 8 })
    .filter(({ name }) => !["embedding", "final norm", "head"].includes(name));
  const stored = rows.reduce((sum, row) => sum + row.bytes.weights + row.bytes.cache, 0);
  assertAlmostEquals(bytes * 2 * 80 / stored, 1, 1e-9);
  assert(without - seconds <= stored / bandwidth);
});

Deno.test("a larger chip never makes a step slower", () => {
  fc.assert(fc.property(onChips, onChips, (one, other) => {
    const time = (onChip: number) => prefetchedStep(deployment, token, onChip, 30e-6).seconds;
    assert(time(Math.max(one, other)) <= time(Math.min(one, other)) + 1e-15);
  }));
});

Deno.test("a long prompt waits for its arithmetic, and gains next to nothing", () => {
  const prompt = { phase: "prefill", batch: 1, newTokens: 8000, context: 0 } as const;
  assert(prefetchedStep(deployment, prompt, 50e6, 30e-6).speedup < 1.01);
});

Deno.test("one device talks to nobody, and has no time to read ahead", () => {
  const one = { model: findModel("llama-3.1-8b"), hardware };
  const { without, seconds, bytes } = prefetchedStep(one, token, 50e6);
  assertEquals([seconds, bytes], [without, 0]);
});

Deno.test("prefetchedStep() refuses sizes and latencies that are none", () => {
  assertThrows(() => prefetchedStep(deployment, token, -1), RangeError, "onChip");
  assertThrows(() => prefetchedStep(deployment, token, 1, NaN), RangeError, "latency");
});
