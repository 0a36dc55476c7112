import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { LogHistogram } from "@fewer-bytes/serving";

const values = fc.array(fc.double({ min: 1e-8, max: 1e6, noNaN: true }), { minLength: 1 });

Deno.test("LogHistogram finds each percentile within 0.5 % of the value at its rank", () => {
  fc.assert(fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (sample, share) => {
    const histogram = new LogHistogram();
    for (const value of sample) histogram.add(value);
    const sorted = Float64Array.from(sample).sort();
    const exact = sorted[Math.floor(share * (sorted.length - 1))]!;
    const found = histogram.percentile(share);
    assert(Math.abs(found / exact - 1) <= LogHistogram.relativeError + 1e-9, `${found} ${exact}`);
    assertEquals(histogram.maximum, sorted.at(-1));
    assertEquals(histogram.count, sample.length);
  }));
});

Deno.test("LogHistogram.addLine() counts as adding each of its values does", () => {
  const step = fc.double({ min: 1e-6, max: 1, noNaN: true });
  fc.assert(
    fc.property(step, step, fc.integer({ min: 1, max: 3000 }), (first, growth, steps) => {
      const [line, single] = [new LogHistogram(), new LogHistogram()];
      const last = first * (1 + growth);
      line.addLine(first, last, steps, 3);
      for (let index = 0; index < steps; index++) {
        single.add(first + (last - first) * index / Math.max(1, steps - 1), 3);
      }
      assertEquals(line.count, single.count);
      if (steps > 1) assertAlmostEquals(line.sum / single.sum, 1, 1e-9);
      for (const share of [0.1, 0.5, 0.9, 0.99]) {
        assertAlmostEquals(line.percentile(share) / single.percentile(share), 1, 0.0101);
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("LogHistogram has no percentile of nothing, and refuses shares above one", () => {
  assertEquals(new LogHistogram().percentile(0.5), NaN);
  assertThrows(() => new LogHistogram().percentile(1.5), RangeError, "must be <= 1");
});
