import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findMemory, findMemoryLink, findModel } from "@fewer-bytes/catalog";
import { behind, mainMemory } from "@fewer-bytes/memory";
import { seeded } from "@fewer-bytes/numeric";
import { parameters } from "@fewer-bytes/transformer";
import { levelReads, mixedBytes, persistenceFor, windowReads } from "@fewer-bytes/offload";
import fc from "fast-check";

const tier = (bandwidth: number) => ({ name: "tier", capacity: 1e12, bandwidth });
const share = fc.double({ min: 0, max: 1, noNaN: true });

Deno.test("levelReads() finds every byte at one level", () => {
  fc.assert(fc.property(fc.array(share, { maxLength: 4 }), (hits) => {
    const levels = [...hits, 1].map((hit, index) => ({
      tier: tier(10 ** (12 - index)),
      hits: hit,
    }));
    const { bytes, seconds, overlapped } = levelReads(1e9, levels);
    assertAlmostEquals(bytes.reduce((sum, own) => sum + own, 0), 1e9, 1e-3);
    assert(overlapped <= seconds && seconds <= levels.length * overlapped * (1 + 1e-12));
  }));
});

Deno.test("levelReads() is the mean over draws of where a byte lies", () => {
  const random = seeded(5);
  const levels = [
    { tier: tier(100), hits: 0.5 },
    { tier: tier(10), hits: 0.8 },
    { tier: tier(1), hits: 1 },
  ];
  let seconds = 0;
  const draws = 200_000;
  for (let draw = 0; draw < draws; draw++) {
    const found = levels.find(({ hits }) => random.uniform() < hits)!;
    seconds += 1 / found.tier.bandwidth;
  }
  assertAlmostEquals(levelReads(1, levels).seconds / (seconds / draws), 1, 0.02);
});

Deno.test("levelReads() of LLaMA-13B's networks over PCIe 5 is some four tokens a second (M2Cache, introduction)", () => {
  const host = behind(
    mainMemory(findHardware("intel-xeon-8480plus")),
    findMemoryLink("pcie-5-x16"),
  );
  const bytes = 2 * parameters(findModel("llama-2-13b")).feedForward;
  const { seconds } = levelReads(bytes, [{ tier: host, hits: 1 }]);
  assertAlmostEquals(1 / seconds, 3.8, 0.1);
});

Deno.test("a window's reuse is the hit rate of a cache of neurons: three quarters of OPT-6.7B's active ones", () => {
  const activity = 0.1;
  const persistence = persistenceFor(activity, 5, 0.24);
  const hits = 1 - windowReads({ activity, persistence }, 5).loaded / activity;
  assertAlmostEquals(hits, 0.74, 0.01);
  const device = mainMemory(findHardware("nvidia-rtx-3090"));
  const drive = findMemory("samsung-990-pro");
  const [cold, warm] = [0, hits].map((own) =>
    levelReads(1e9, [{ tier: device, hits: own }, { tier: drive, hits: 1 }]).seconds
  );
  assertAlmostEquals(cold! / warm!, 1 / (1 - hits), 0.1);
});

Deno.test("mixedBytes() is the mean over parts", () => {
  assertAlmostEquals(
    mixedBytes([{ storage: "fp16", share: 0.25 }, { storage: "int4", share: 0.5 }]),
    0.75,
    1e-12,
  );
  assertEquals(mixedBytes([]), 0);
});

Deno.test("levels refuse a last one that has not all, shares that are none, and tiers without bandwidth", () => {
  assertThrows(() => levelReads(1, [{ tier: tier(1), hits: 0.5 }]), RangeError, "everything");
  assertThrows(() => levelReads(1, []), RangeError, "levels");
  assertThrows(() => levelReads(1, [{ tier: tier(0), hits: 1 }]), RangeError, "bandwidth");
  assertThrows(
    () => levelReads(1, [{ tier: tier(1), hits: 2 }, { tier: tier(1), hits: 1 }]),
    RangeError,
    "hits",
  );
  assertThrows(
    () => mixedBytes([{ storage: "fp16", share: 0.6 }, { storage: "int8", share: 0.6 }]),
    RangeError,
    "at most 1",
  );
});
