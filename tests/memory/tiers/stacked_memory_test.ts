import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { findHardware, findMemory } from "@fewer-bytes/catalog";
import { stackedBandwidthFormula, stackedMemory } from "@fewer-bytes/memory";

Deno.test("stackedMemory() is the memory of devices, at the rate of their lines", () => {
  // Stacks and rates from the vendors' papers; the catalog has capacity and bandwidth from data sheets.
  const cases: [string, string, number, number, number][] = [
    ["nvidia-v100-sxm-32gb", "hbm2", 4, 1.75e9, 8e9],
    ["nvidia-a100-sxm-80gb", "hbm2e", 5, 3.186e9, 16e9],
    ["nvidia-h100-sxm", "hbm3", 5, 5.24e9, 16e9],
    ["nvidia-h200-sxm", "hbm3e", 6, 6.25e9, 23.5e9], // 141 of 144 GB are open
    ["amd-mi325x", "hbm3e", 8, 6e9, 32e9], // stacks of 36 GB, of which 32 are used
  ];
  for (const [device, id, stacks, rate, each] of cases) {
    const made = stackedMemory(findMemory(id), stacks, rate / 8);
    const { bandwidth, capacity } = findHardware(device).memory[0];
    assertAlmostEquals(made.bandwidth / bandwidth, 1, 0.03, device);
    assertAlmostEquals(stacks * each, capacity, 1e9, device);
  }
});

Deno.test("stackedMemory() is the printed formula", () => {
  const part = findMemory("hbm3e");
  fc.assert(fc.property(fc.integer({ min: 1, max: 16 }), (stacks) => {
    assertEquals(
      stackedMemory(part, stacks).bandwidth,
      stackedBandwidthFormula.evaluate({ stacks, pins: part.pins!, rate: part.rate! }),
    );
  }));
});

Deno.test("stackedMemory() refuses a card, no stacks and no rate", () => {
  assertThrows(() => stackedMemory(findMemory("ufs-4.0"), 1), RangeError, "a stack or a channel");
  assertThrows(() => stackedMemory(findMemory("hbm3"), 0), RangeError, "the number of stacks");
  assertThrows(() => stackedMemory(findMemory("hbm3"), 1, 0), RangeError, "the rate of a line");
});
