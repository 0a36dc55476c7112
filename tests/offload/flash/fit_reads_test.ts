import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { fitReads } from "@fewer-bytes/offload";
import fc from "fast-check";

const sizes = [4096, 16_384, 65_536, 2 ** 20, 2 ** 24];

Deno.test("fitReads() finds the latency and bandwidth that made exact timings", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 1e-3, noNaN: true }),
      fc.double({ min: 1e8, max: 2e10, noNaN: true }),
      (latency, bandwidth) => {
        const fit = fitReads(
          sizes.map((bytes) => ({ bytes, seconds: latency + bytes / bandwidth })),
        );
        assertAlmostEquals(fit.latency / latency, 1, 1e-6);
        assertAlmostEquals(fit.bandwidth / bandwidth, 1, 1e-6);
        assert(fit.worst < 1e-6);
      },
    ),
  );
});

Deno.test("fitReads() is least in relative squares: no line nearby is better", () => {
  const random = seeded(5);
  const reads = sizes.flatMap((bytes) =>
    Array.from({ length: 5 }, () => ({
      bytes,
      seconds: (80e-6 + bytes / 3e9) * random.logNormal(0, 0.2),
    }))
  );
  const fit = fitReads(reads);
  const error = (latency: number, bandwidth: number) =>
    reads.reduce(
      (sum, { bytes, seconds }) => sum + ((latency + bytes / bandwidth) / seconds - 1) ** 2,
      0,
    );
  const least = error(fit.latency, fit.bandwidth);
  for (const a of [0.9, 0.99, 1, 1.01, 1.1]) {
    for (const b of [0.9, 0.99, 1, 1.01, 1.1]) {
      assert(error(fit.latency * a, fit.bandwidth * b) >= least - 1e-12);
    }
  }
  assertAlmostEquals(fit.latency * 1e6, 80, 15);
  assertAlmostEquals(fit.bandwidth / 3e9, 1, 0.2);
});

Deno.test("fitReads() takes reads without latency for what they are: a latency is never below zero", () => {
  const fit = fitReads([{ bytes: 100, seconds: 0.5 }, { bytes: 1000, seconds: 10 }]);
  assert(fit.latency === 0 && fit.bandwidth > 0 && fit.worst > 0.1);
});

Deno.test("fitReads() refuses one size, timings of zero, and reads that get faster with their size", () => {
  const one = { bytes: 4096, seconds: 1e-4 };
  assertThrows(() => fitReads([one, one]), RangeError, "at least 2 sizes");
  assertThrows(() => fitReads([one, { bytes: 8192, seconds: 0 }]), RangeError, "seconds");
  assertThrows(() => fitReads([one, { bytes: NaN, seconds: 1 }]), RangeError, "bytes");
  assertThrows(
    () => fitReads([{ bytes: 1000, seconds: 2 }, { bytes: 2000, seconds: 1 }]),
    RangeError,
    "longer reads must take longer",
  );
});
