import { assertEquals, assertThrows } from "@std/assert";
import { launchBoundFormula, launchBoundSeconds } from "@fewer-bytes/pim";
import fc from "fast-check";

Deno.test("launchBoundSeconds() is when the last kernel ends, launched one by one ahead of a queue", () => {
  const time = fc.integer({ min: 0, max: 100 });
  fc.assert(fc.property(fc.integer({ min: 1, max: 50 }), time, time, (kernels, work, launch) => {
    let free = 0;
    for (let kernel = 1; kernel <= kernels; kernel++) free = Math.max(free, kernel * launch) + work;
    const bound = launchBoundSeconds(kernels * work, kernels, launch);
    assertEquals(free - bound, Math.min(work, launch)); // the first launch, or the last kernel, is not hidden
    assertEquals(bound, launchBoundFormula.evaluate({ roofline: kernels * work, kernels, launch }));
  }));
});

Deno.test("launchBoundSeconds() refuses times and counts that are none", () => {
  assertThrows(() => launchBoundSeconds(-1, 1, 1), RangeError, "roofline");
  assertThrows(() => launchBoundSeconds(1, 1.5, 1), RangeError, "kernels");
  assertThrows(() => launchBoundSeconds(1, 1, NaN), RangeError, "launch");
});
