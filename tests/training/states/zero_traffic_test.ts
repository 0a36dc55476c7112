import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { zeroTraffic } from "@fewer-bytes/training";
import fc from "fast-check";

/** A ring, chunk by chunk: what one device sends until all sums are spread, or all parts handed out. */
function sentInRing(values: number, devices: number): number {
  const chunk = values / devices;
  let sent = 0;
  for (let turn = 1; turn < devices; turn++) sent += chunk; // one chunk to the next device in each turn
  return sent;
}

Deno.test("zeroTraffic() is what a ring sends, counted turn by turn: 2, 2, 2 and 3 of the parameters", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 8 }), (n, m) => {
    const ring = 2 * sentInRing(1e9, n);
    const total = (stage: 0 | 1 | 2 | 3) =>
      zeroTraffic(1e9, { stage, dataParallel: n, microBatches: m }).total;
    // gradients added up, weights handed out; per micro-batch where there is no room to wait
    assertAlmostEquals(total(0), ring + ring, 1);
    assertAlmostEquals(total(1), ring + ring, 1);
    assertAlmostEquals(total(2), m * ring + ring, 1);
    assertAlmostEquals(total(3), m * ring + 2 * m * ring, 1);
  }));
});

Deno.test("one device sends nothing", () => {
  assertEquals(zeroTraffic(1e9, { stage: 3, dataParallel: 1 }).total, 0);
});

Deno.test("zeroTraffic() refuses what is no number", () => {
  assertThrows(() => zeroTraffic(NaN, { stage: 0, dataParallel: 1 }), RangeError, "parameters");
  assertThrows(() => zeroTraffic(1, { stage: 0, dataParallel: 0.5 }), RangeError, "devices");
  const setup = { stage: 0, dataParallel: 2, microBatches: 0 } as const;
  assertThrows(() => zeroTraffic(1, setup), RangeError, "microBatches");
});
