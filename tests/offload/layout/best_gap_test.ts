import { assert, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { bestGap, drawTopics, readRuns, runThroughput } from "@fewer-bytes/offload";

Deno.test("bestGap() is the fastest of all gaps", () => {
  const random = seeded(12);
  const trace = drawTopics({ neurons: 200, topics: 4, tokens: 60, own: 0.4, other: 0.02 }, random);
  const order = Array.from({ length: 200 }, (_, i) => i);
  const wanted = trace.reduce((sum, token) => sum + token.length, 0) / trace.length;
  for (
    const [latency, bandwidth, bytes] of [[100e-6, 4e9, 65_536], [10e-6, 4e9, 16_384], [
      1e-6,
      1e9,
      16_384,
    ]] as const
  ) {
    const flash = { latency, bandwidth };
    const rate = (gap: number) => runThroughput(flash, readRuns(trace, order, gap), wanted, bytes);
    const best = rate(bestGap(flash, bytes));
    for (let gap = 0; gap < 30; gap++) assert(rate(gap) <= best * (1 + 1e-9));
  }
});

Deno.test("runThroughput() is the bandwidth without latency and without gaps", () => {
  assertEquals(runThroughput({ bandwidth: 5e9 }, { reads: 9, neurons: 10 }, 10, 100), 5e9);
});

Deno.test("gaps refuse flash without bandwidth", () => {
  assertThrows(() => bestGap({ bandwidth: 0 }, 1), RangeError, "bandwidth must be > 0");
  assertThrows(() => bestGap({ bandwidth: 1 }, 0), RangeError, "bytes");
  assertThrows(
    () => runThroughput({ bandwidth: 1 }, { reads: 1, neurons: 1 }, 0, 1),
    RangeError,
    "active neurons",
  );
});
