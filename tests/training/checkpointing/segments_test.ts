import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  bestSegments,
  replay,
  segmentMemoryFormula,
  segmentSchedule,
  uniformChain,
} from "@fewer-bytes/training";
import fc from "fast-check";

Deno.test("memory is k inputs and n/k tapes, less the first input, and time one forward pass more, less a segment", () => {
  for (const [n, k] of [[100, 10], [36, 4], [64, 16], [12, 1]] as const) {
    const chain = uniformChain(n, { forward: 1, backward: 2, input: 3, tape: 7 });
    const { peak, seconds } = replay(chain, segmentSchedule(chain, k));
    const wanted = segmentMemoryFormula.evaluate({ k, n, input: 3, tape: 7 });
    assertEquals(peak, wanted - 3);
    assertEquals(seconds, 3 * n + (n - n / k));
  }
});

Deno.test("memory grows with the root of the depth: the exponent is a half", () => {
  const peak = (n: number) => {
    const chain = uniformChain(n);
    return replay(chain, segmentSchedule(chain)).peak;
  };
  assertAlmostEquals(Math.log(peak(1600) / peak(100)) / Math.log(16), 0.5, 0.02);
});

Deno.test("bestSegments() needs less memory than any other number, but for rounding", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 1, max: 20 }),
    (n, tape) => {
      const chain = uniformChain(n, { forward: 1, backward: 1, input: 1, tape });
      const memory = (k: number) => segmentMemoryFormula.evaluate({ k, n, input: 1, tape });
      const best = memory(bestSegments(chain));
      for (let k = 1; k <= n; k++) assert(best <= 1.07 * memory(k));
    },
  ));
});

Deno.test("any number of segments works, and too many are refused", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), (n, seed) => {
    const chain = uniformChain(n);
    const { forwards } = replay(chain, segmentSchedule(chain, 1 + seed % n));
    assert(Math.max(...forwards) <= 2);
  }));
  assertThrows(() => segmentSchedule(uniformChain(3), 4), RangeError, "segments must be <= 3");
});
