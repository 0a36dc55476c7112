import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel, findPim, pimCatalog } from "@fewer-bytes/catalog";
import { operators } from "@fewer-bytes/transformer";
import { pimTime, withUnits } from "@fewer-bytes/pim";

Deno.test("withUnits() gives each device back when its own units are put in", () => {
  for (const device of pimCatalog) {
    const same = withUnits(device, device.pim);
    assertAlmostEquals(same.memory[0].bandwidth / device.memory[0].bandwidth, 1, 0.02, device.id);
    for (const [format, rate] of Object.entries(device.peak)) {
      assertAlmostEquals(same.peak[format as "fp16"]! / rate!, 1, 0.03, device.id);
    }
  }
});

Deno.test("of H2-LLM's designs the one with more wires wins for one sequence, with more arithmetic for sixteen", () => {
  // main.py of the artifact: units of 16 multiply-adds, MHz and GB/s of a bank. The paper chose the second.
  const designs = [[8, 600, 6.4], [8, 600, 25.6], [4, 800, 51.2], [2, 1000, 51.2]];
  const device = findPim("h2-llm");
  const best = (batch: number) => {
    const step = { phase: "decode", batch, newTokens: 1, context: 1024 } as const;
    const rows = operators(findModel("llama-3.1-8b"), step)
      .filter(({ name }) => name.startsWith("feed-forward"));
    const times = designs.map(([units, megahertz, gigabytes]) => {
      const clock = megahertz! * 1e6;
      const other = withUnits(device, {
        clock,
        bytesPerCycle: gigabytes! * 1e9 / clock,
        flopsPerCycle: units! * 16 * 2,
      });
      return rows.reduce((sum, row) => sum + pimTime(row, other).seconds, 0);
    });
    return times.indexOf(Math.min(...times));
  };
  assertEquals([1, 16].map(best), [2, 1]);
});

Deno.test("withUnits() refuses units that do nothing", () => {
  const design = { bytesPerCycle: 32, flopsPerCycle: 0, clock: 1e9 };
  assertThrows(() => withUnits(findPim("h2-llm"), design), RangeError, "flopsPerCycle");
});
