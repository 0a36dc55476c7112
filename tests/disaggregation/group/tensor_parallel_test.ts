import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { ringAllReduce, tensorParallelStep } from "@fewer-bytes/disaggregation";
import { stepTime } from "@fewer-bytes/roofline";
import { operators } from "@fewer-bytes/transformer";
import fc from "fast-check";
import { hardware } from "../setups.ts";

const model = findModel("llama-3.1-8b");
const step = (batch: number, context = 500) =>
  ({ phase: "decode", batch, newTokens: 1, context }) as const;
const groups = fc.constantFrom(2, 4, 8);
const latencies = fc.double({ min: 0, max: 1e-4, noNaN: true });

Deno.test("tensorParallelStep() of one device is that device", () => {
  const found = tensorParallelStep({ model, hardware }, step(16), 1e-3);
  const { seconds } = stepTime(operators(model, step(16)), hardware);
  assertAlmostEquals(found.seconds, seconds, 1e-15);
  assertEquals([found.communication, found.speedup, found.efficiency], [0, 1, 1]);
});

Deno.test("tensorParallelStep() talks for two rings in each layer", () => {
  fc.assert(fc.property(groups, latencies, fc.integer({ min: 1, max: 300 }), (n, alpha, batch) => {
    const found = tensorParallelStep({ model, hardware, devices: n }, step(batch), alpha);
    const { bandwidth } = hardware.links[0]!;
    const ring = ringAllReduce(batch * 4096 * 2, { devices: n, bandwidth, latency: alpha });
    assertAlmostEquals(found.communication, 2 * 32 * ring, 1e-12);
    assertAlmostEquals(found.seconds, found.own + found.communication, 1e-15);
    assertAlmostEquals(found.efficiency * n, found.speedup, 1e-12);
  }));
});

Deno.test("tensorParallelStep() leaves each device its share of weights and cache to read", () => {
  // A token of one sequence waits for weights only, and these are split evenly but for norms and the embedding's row.
  const one = tensorParallelStep({ model, hardware }, step(1));
  for (const devices of [2, 4, 8]) {
    const group = tensorParallelStep({ model, hardware, devices }, step(1));
    assertAlmostEquals(group.own * devices / one.own, 1, 0.01);
  }
});

Deno.test("more devices and longer latencies make a group less efficient", () => {
  const efficiency = (devices: number, latency: number) =>
    tensorParallelStep({ model, hardware, devices }, step(1), latency).efficiency;
  fc.assert(fc.property(latencies, (latency) => {
    assert(efficiency(8, latency) <= efficiency(4, latency));
    assert(efficiency(8, latency + 1e-6) < efficiency(8, latency));
  }));
});

Deno.test("tensorParallelStep() refuses latencies that are none, and hardware without a link", () => {
  const two = { model, hardware, devices: 2 };
  assertThrows(() => tensorParallelStep(two, step(1), -1), RangeError, "the latency");
  assertThrows(() => tensorParallelStep({ ...two, devices: 0 }, step(1)), RangeError, "devices");
  const alone = { ...hardware, links: [] };
  assertThrows(() => tensorParallelStep({ ...two, hardware: alone }, step(1)), RangeError);
});
