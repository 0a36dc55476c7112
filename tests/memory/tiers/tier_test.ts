import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware } from "@fewer-bytes/catalog";
import { behind, mainMemory, tierBandwidth } from "@fewer-bytes/memory";

const link = { name: "a link", bandwidth: 64e9 };
const memory = { name: "DRAM", capacity: 1e12, bandwidth: 300e9, latency: 100e-9 };

Deno.test("tierBandwidth() is the least of chips, link and requests under way", () => {
  assertEquals(tierBandwidth(memory), 300e9);
  assertEquals(tierBandwidth(behind(memory, link)), 64e9);
  assertEquals(tierBandwidth(behind({ ...memory, bandwidth: 30e9 }, link)), 30e9);
  // 8 KB a 400 ns
  assertAlmostEquals(
    tierBandwidth(behind(memory, link, { latency: 300e-9, inFlight: 8e3 })),
    20e9,
    1,
  );
});

Deno.test("mainMemory() is the first memory of a device", () => {
  assertEquals(mainMemory(findHardware("nvidia-h100-sxm")).bandwidth, 3.35e12);
});

Deno.test("behind() adds the latency of the link, and keeps the rest", () => {
  const tier = behind(memory, link, { latency: 50e-9 });
  assertAlmostEquals(tier.latency!, 150e-9, 1e-15);
  assertEquals([tier.capacity, tier.link], [1e12, link]);
});

Deno.test("a tier without bandwidth is refused", () => {
  assertThrows(
    () => behind({ name: "L2", capacity: 1 }, link),
    RangeError,
    "the bandwidth of L2 must be a finite number",
  );
  assertThrows(
    () => behind(memory, { name: "cut", bandwidth: 0 }),
    RangeError,
    "the link cut must be > 0",
  );
  assertThrows(() => tierBandwidth({ ...memory, bandwidth: 0 }), RangeError, "DRAM must be > 0");
});
