import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { expertLoads, imbalance, sumLoads } from "@fewer-bytes/experts";
import fc from "fast-check";

Deno.test("expertLoads() counts each choice once", () => {
  const routed = [{ experts: [0, 2] }, { experts: [2, 3] }, { experts: [2, 0] }];
  assertEquals(expertLoads(routed, 4), [2, 0, 3, 1]);
  assertThrows(() => expertLoads(routed, 3), RangeError, "one of 3: current value is 3");
});

Deno.test("sumLoads() keeps the total, and refuses places that do not divide", () => {
  assertEquals(sumLoads([1, 2, 3, 4, 5, 6], 3), [3, 7, 11]);
  assertThrows(() => sumLoads([1, 2, 3], 2), RangeError, "divide evenly");
});

Deno.test("imbalance() is from 1 to the number of loads, whatever their unit", () => {
  const loads = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(loads, (values) => {
    const found = imbalance(values);
    assert(found >= 1 - 1e-12 && found <= values.length);
    assertAlmostEquals(imbalance(values.map((load) => 3 * load)), found, 1e-9);
  }));
  assertEquals(imbalance([0, 0]), 1);
  assertThrows(() => imbalance([1, NaN]), RangeError, "a load");
  assertThrows(() => imbalance([]), RangeError, "the number of loads");
});
