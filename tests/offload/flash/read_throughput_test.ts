import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findMemory } from "@fewer-bytes/catalog";
import { scatteredBandwidth } from "@fewer-bytes/memory";
import {
  readSeconds,
  readSizeFor,
  readThroughput,
  readThroughputFormula,
} from "@fewer-bytes/offload";
import fc from "fast-check";

const flash = fc.record({
  bandwidth: fc.double({ min: 1e8, max: 1e10, noNaN: true }),
  latency: fc.double({ min: 1e-6, max: 1e-3, noNaN: true }),
});
const size = fc.integer({ min: 1, max: 2 ** 24 });

Deno.test("readThroughput() of reads one after the other is the printed formula", () => {
  fc.assert(fc.property(flash, size, (drive, bytes) => {
    const expected = readThroughputFormula.evaluate({ bytes, ...drive });
    assertAlmostEquals(readThroughput(drive, bytes) / expected, 1, 1e-9);
  }));
});

Deno.test("readThroughput() grows with size and depth, and never passes the bandwidth", () => {
  fc.assert(fc.property(flash, size, fc.integer({ min: 1, max: 64 }), (drive, bytes, depth) => {
    const rate = readThroughput(drive, bytes, depth);
    assert(rate <= drive.bandwidth * (1 + 1e-12));
    assert(readThroughput(drive, bytes, depth + 1) >= rate * (1 - 1e-12));
    assert(readThroughput(drive, 2 * bytes, depth) >= rate * (1 - 1e-12));
    assert(readThroughput(drive, 2 * bytes, depth) <= 2 * rate * (1 + 1e-12)); // a bundle at most doubles it
  }));
});

Deno.test("readThroughput() with a queue is what a queue of reads gives, simulated request by request", () => {
  // Each request waits a latency, and then its bytes pass one channel in turn; a finished one is replaced at once.
  const drive = { bandwidth: 1e9, latency: 100e-6 };
  for (const [depth, bytes] of [[1, 4096], [4, 4096], [8, 65_536], [32, 65_536]] as const) {
    const ready = Array.from({ length: depth }, () => drive.latency);
    let channel = 0, done = 0;
    for (; done < 4000; done++) {
      const next = ready.indexOf(Math.min(...ready));
      channel = Math.max(channel, ready[next]!) + bytes / drive.bandwidth;
      ready[next] = channel + drive.latency;
    }
    assertAlmostEquals(done * bytes / channel / readThroughput(drive, bytes, depth), 1, 0.01);
  }
});

Deno.test("readThroughput() moves whole pages, and no more than the drive answers: as scattered records in lib/memory", () => {
  const drive = findMemory("samsung-pm1743");
  for (const bytes of [64, 512, 4096]) {
    assertAlmostEquals(
      readThroughput(drive, bytes, 4096) / scatteredBandwidth(drive, bytes),
      1,
      1e-9,
    );
  }
  assertEquals(readSeconds({ bandwidth: 4096, latency: 1, granularity: 4096 }, 1), 2);
});

Deno.test("readSizeFor() is the size that reaches its share", () => {
  fc.assert(
    fc.property(
      flash,
      fc.double({ min: 0.05, max: 0.99, noNaN: true }),
      fc.integer({ min: 1, max: 8 }),
      (drive, share, depth) => {
        const bytes = readSizeFor(drive, share, depth);
        const rate = depth * bytes / (drive.latency + bytes / drive.bandwidth);
        assertAlmostEquals(rate / drive.bandwidth, share, 1e-9);
      },
    ),
  );
});

Deno.test("reads refuse flash without bandwidth, and sizes that are none", () => {
  assertThrows(() => readThroughput({ bandwidth: 0 }, 4096), RangeError, "bandwidth must be > 0");
  assertThrows(() => readThroughput({ bandwidth: 1, latency: -1 }, 1), RangeError, "latency");
  assertThrows(() => readThroughput({ bandwidth: 1 }, 0), RangeError, "record");
  assertThrows(() => readThroughput({ bandwidth: 1 }, 1, 0), RangeError, "depth");
  assertThrows(() => readThroughput({ bandwidth: 1, operations: 0 }, 1), RangeError, "operations");
  assertThrows(() => readSizeFor({ bandwidth: 1 }, 1), RangeError, "below 1");
});
