import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { gaussianCumulative, gaussianDensity, gaussianQuantile } from "@fewer-bytes/quantization";

Deno.test("gaussianCumulative() is the integral of gaussianDensity(), by Simpson's rule", () => {
  for (const x of [-3, -1, 0.5, 2, 4]) {
    const steps = 20_000;
    const width = (x + 10) / steps;
    let sum = gaussianDensity(-10) + gaussianDensity(x);
    for (let i = 1; i < steps; i++) sum += (i % 2 ? 4 : 2) * gaussianDensity(-10 + i * width);
    assertAlmostEquals(gaussianCumulative(x), sum * width / 3, 1e-13);
  }
});

Deno.test("gaussianQuantile() gives the values of the printed tables", () => {
  // Abramowitz and Stegun, table 26.5, and the common critical values.
  const table = [[0.5, 0], [0.75, 0.6744897502], [0.9, 1.2815515655], [0.99, 2.326347874], [
    0.999,
    3.0902323062,
  ]];
  for (const [share, x] of table) assertAlmostEquals(gaussianQuantile(share!), x!, 1e-10);
});

Deno.test("gaussianQuantile() is the inverse of gaussianCumulative(), and odd around one half", () => {
  fc.assert(fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (share) => {
    assertAlmostEquals(gaussianCumulative(gaussianQuantile(share)), share, 1e-14);
    assert(Math.abs(gaussianQuantile(share) + gaussianQuantile(1 - share)) < 1e-6);
  }));
});

Deno.test("gaussianQuantile() refuses shares whose quantile is not finite", () => {
  for (const share of [0, 1, -0.1, NaN]) {
    assertThrows(() => gaussianQuantile(share), RangeError, "share");
  }
});
