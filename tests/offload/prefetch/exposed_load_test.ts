import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { bufferedSchedule } from "@fewer-bytes/memory";
import { exposedLoad, exposedLoadFormula } from "@fewer-bytes/offload";
import fc from "fast-check";

const time = fc.double({ min: 0, max: 10, noNaN: true });

Deno.test("exposedLoad() is its printed formula", () => {
  fc.assert(fc.property(time, time, (load, hiding) => {
    assertAlmostEquals(
      exposedLoad(load, hiding),
      exposedLoadFormula.evaluate({ bytes: load * 1e9, rate: 1e9, hiding }),
      1e-9,
    );
  }));
});

Deno.test("exposedLoad() is the gap in a schedule of attention, then the experts that were loaded meanwhile", () => {
  fc.assert(fc.property(time, time, time, (load, attention, experts) => {
    const { exposed } = bufferedSchedule([
      { load: 0, compute: attention },
      { load, compute: experts },
    ], 2);
    assertAlmostEquals(exposed, exposedLoad(load, attention), 1e-9);
  }));
});

Deno.test("exposedLoad() refuses negative times", () => {
  assertThrows(() => exposedLoad(-1, 0), RangeError, "the load");
  assertThrows(() => exposedLoad(1, NaN), RangeError, "hiding");
  assertEquals(exposedLoad(0, 0), 0);
});
