import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { splitFormula, splitWork } from "@fewer-bytes/pim";
import fc from "fast-check";

const time = fc.double({ min: 1e-6, max: 1, noNaN: true });

Deno.test("splitWork() finds the best cut: no other of a thousand is faster", () => {
  fc.assert(
    fc.property(time, time, time, (processor, memory, start) => {
      const { seconds } = splitWork(processor, memory, start);
      for (let part = 0; part <= 1000; part++) {
        const share = part / 1000;
        const other = Math.max((1 - share) * processor, share > 0 ? start + share * memory : 0);
        assert(seconds <= other * (1 + 1e-9));
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("splitWork() is its printed formula where memory gets a share, and adds rates without a start", () => {
  fc.assert(fc.property(time, time, (processor, memory) => {
    const { share, seconds } = splitWork(processor, memory, 0);
    assertAlmostEquals(share, splitFormula.evaluate({ processor, memory, start: 0 }), 1e-12);
    assertAlmostEquals(1 / seconds, 1 / processor + 1 / memory, 1e-9 / seconds);
  }));
});

Deno.test("splitWork() gives memory nothing when starting takes too long, and refuses times that are none", () => {
  assertEquals(splitWork(1, 0.1, 1), { share: 0, seconds: 1 });
  assertEquals(splitWork(0, 0, 0), { share: 0, seconds: 0 });
  assertThrows(() => splitWork(-1, 1, 0), RangeError, "processor");
  assertThrows(() => splitWork(1, NaN, 0), RangeError, "memory");
  assertThrows(() => splitWork(1, 1, -1), RangeError, "start");
});
