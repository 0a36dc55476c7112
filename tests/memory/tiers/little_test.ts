import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { bytesInFlight, bytesInFlightFormula, sustainedBandwidth } from "@fewer-bytes/memory";

/** A reader with a window of requests in front of a memory that serves one each `gap`, event by event. */
function simulate(window: number, gap: number, latency: number, requests: number): number {
  const arrived: number[] = [];
  let channel = 0;
  for (let index = 0; index < requests; index++) {
    const asked = index < window ? 0 : arrived[index - window]!; // a place is free again
    channel = Math.max(channel, asked) + gap;
    arrived.push(channel - gap + latency);
  }
  return requests / arrived.at(-1)!;
}

Deno.test("sustainedBandwidth() is what a reader with a window of requests gets, event by event", () => {
  const gap = 1e-9, latency = 100e-9, line = 64;
  for (const window of [1, 10, 50, 99, 101, 200]) {
    const measured = line * simulate(window, gap, latency, 100_000);
    const said = sustainedBandwidth({ bandwidth: line / gap, latency }, window * line);
    assertAlmostEquals(measured / said, 1, 0.01, `${window} requests`);
  }
});

Deno.test("bytesInFlight() are exactly those that reach the full bandwidth, and fewer do not", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e9, max: 1e13, noNaN: true }),
      fc.double({ min: 1e-9, max: 1e-3, noNaN: true }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      (bandwidth, latency, share) => {
        const needed = bytesInFlight(bandwidth, latency);
        assertAlmostEquals(
          sustainedBandwidth({ bandwidth, latency }, needed) / bandwidth,
          1,
          1e-12,
        );
        assertAlmostEquals(
          sustainedBandwidth({ bandwidth, latency }, share * needed) / bandwidth,
          share,
          1e-12,
        );
        assertEquals(bytesInFlightFormula.evaluate({ bandwidth, latency }), needed);
      },
    ),
  );
});

Deno.test("sustainedBandwidth() is the full one without latency, or without a limit on requests", () => {
  assertEquals(sustainedBandwidth({ bandwidth: 64e9 }, 1), 64e9);
  assertEquals(sustainedBandwidth({ bandwidth: 64e9, latency: 1 }), 64e9);
});

Deno.test("Little's law refuses a bandwidth of zero, a negative latency and NaN", () => {
  assertThrows(() => bytesInFlight(0, 1), RangeError, "the bandwidth must be > 0");
  assertThrows(() => bytesInFlight(1, -1), RangeError, "the latency");
  assertThrows(() => bytesInFlight(NaN, 1), RangeError, "current value is NaN");
  assertThrows(
    () => sustainedBandwidth({ bandwidth: 1, latency: 1 }, 0),
    RangeError,
    "the bytes in flight must be > 0",
  );
});
