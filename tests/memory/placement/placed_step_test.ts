import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  behind,
  mainMemory,
  type Overlap,
  placedOperatorTime,
  placedStepTime,
  spilled,
} from "@fewer-bytes/memory";
import { stepTime } from "@fewer-bytes/roofline";
import { type Operator, operators } from "@fewer-bytes/transformer";

const hardware = findHardware("nvidia-h100-sxm");
const link = { name: "PCIe 5.0 x16", bandwidth: 64e9 };
const dram = { name: "DRAM", capacity: 1e12, bandwidth: 300e9, latency: 500e-9 };
const host = behind(dram, link);
const model = findModel("llama-3.1-8b");
const overlaps: Overlap[] = ["none", "operator", "step"];
const share = fc.double({ min: 0, max: 1, noNaN: true });
const decode = (batch: number, devices = 1) =>
  operators(model, { phase: "decode", batch, newTokens: 1, context: 2000 }, { devices });

Deno.test("placedStepTime() is stepTime() when all lies in the device's own memory", () => {
  for (const batch of [1, 64, 1024]) {
    for (const overlap of overlaps) {
      for (const devices of [1, 4]) {
        const table = decode(batch, devices);
        const placed = placedStepTime(table, hardware, spilled(hardware, host, {}), { overlap });
        const plain = stepTime(table, hardware);
        assertAlmostEquals(placed.seconds, plain.seconds, 1e-15);
        assertEquals(
          placed.bound === "HBM3" ? "memory" : placed.bound,
          plain.bound,
          `${batch} on ${devices}`,
        );
      }
    }
  }
});

Deno.test("one operator by hand: longest part, sum of parts, and the near part alone", () => {
  const row: Operator = {
    name: "by hand",
    layers: 2,
    flops: 0.989e15 * 1e-3, // 1 ms at the bf16 peak
    bytes: { weights: 3.35e9 * 2 + 64e6 * 5, cache: 0, activations: 0 },
    transfer: 0,
    precision: "bf16",
  };
  const weights = 64e6 * 5 / row.bytes.weights; // 2 ms near, 5 ms far
  const rate = hardware.peak.bf16!;
  const time = (overlap: Overlap) =>
    placedOperatorTime(row, hardware, spilled(hardware, host, { weights }), { overlap });
  assertAlmostEquals(time("operator").compute, 0.989e12 / rate, 1e-12);
  assertAlmostEquals(time("operator").seconds, 5e-3, 1e-9);
  assertAlmostEquals(time("none").seconds, 7e-3 + 2 * 500e-9, 1e-9); // and a latency in each of two layers
  assertAlmostEquals(time("step").seconds, 2e-3, 1e-9);
  assertEquals(overlaps.map((overlap) => time(overlap).bound), ["DRAM", "DRAM", "HBM3"]);
});

Deno.test("the more is read ahead, the shorter the step; no schedule beats its slowest stream", () => {
  fc.assert(fc.property(share, share, fc.integer({ min: 1, max: 256 }), (weights, cache, batch) => {
    const table = decode(batch);
    const placement = spilled(hardware, host, { weights, cache });
    const times = overlaps.map((overlap) =>
      placedStepTime(table, hardware, placement, { overlap })
    );
    const [none, operator, step] = times.map(({ seconds }) => seconds);
    assert(none! >= operator! - 1e-12 && operator! >= step! - 1e-12);
    assert(none! <= 3 * step! + 1e-3); // compute, near and far add up at most, besides latencies
    for (const { tiers, seconds } of times) {
      for (const tier of tiers) assert(seconds >= tier.seconds * (1 - 1e-9));
    }
  }));
});

Deno.test("tiers that hold one link share it, tiers with a link each do not", () => {
  const row = decode(1).filter(({ name }) => name === "feed-forward up");
  const twins = (second: typeof link) =>
    placedStepTime(row, hardware, {
      tiers: [mainMemory(hardware), host, behind({ ...dram, name: "more DRAM" }, second)],
      weights: [0, 0.5, 0.5],
      cache: [1, 0, 0],
    }).seconds;
  const one = row[0]!.bytes.weights / 64e9;
  assertAlmostEquals(twins(link), one, 1e-9);
  assertAlmostEquals(twins({ ...link }), one / 2, 1e-9);
});

Deno.test("efficiency holds for chips and links apart", () => {
  const row = decode(1).filter(({ name }) => name === "head");
  const placement = spilled(hardware, host, { weights: 1 });
  const far = row[0]!.bytes.weights;
  const time = (memory: number, link: number) =>
    placedStepTime(row, hardware, placement, { efficiency: { compute: 1, memory, link } }).seconds;
  assertAlmostEquals(time(1, 0.5), far / 32e9, 1e-9);
  assertAlmostEquals(time(0.5, 1), far / 64e9, 1e-9); // 150 GB/s of the chips are still more than the link
  assertAlmostEquals(time(0.1, 1), far / 30e9, 1e-9);
});

Deno.test("bytes and times of the tiers are those of the step, and nothing is a step of zero", () => {
  const table = decode(8);
  const { tiers } = placedStepTime(table, hardware, spilled(hardware, host, { cache: 0.5 }));
  const cache = table.reduce((sum, { bytes }) => sum + bytes.cache, 0);
  assertAlmostEquals(tiers[1]!.bytes, cache / 2, 1);
  assertAlmostEquals(tiers[1]!.seconds, cache / 2 / 64e9, 1e-12);
  assertEquals(placedStepTime([], hardware, spilled(hardware, host, {})).seconds, 0);
});

Deno.test("a tier without bandwidth is refused where something is read from it", () => {
  const dead = { ...dram, bandwidth: 0 };
  const time = (weights: number) =>
    placedStepTime(decode(1), hardware, spilled(hardware, dead, { weights }));
  assertThrows(() => time(0.1), RangeError, "the bandwidth of DRAM must be > 0");
  assert(time(0).seconds > 0);
});
