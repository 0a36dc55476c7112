import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { stepsUntil } from "../../../lib/serving/engine/jump.ts";

Deno.test("stepsUntil() counts the steps that a loop would take, growing or not", () => {
  const gap = fc.double({ min: 0, max: 2000, noNaN: true });
  const slope = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1, noNaN: true }));
  fc.assert(fc.property(gap, slope, (gap, slope) => {
    let steps = 0, passed = 0;
    do passed = ++steps + slope * steps * (steps - 1) / 2; while (passed < gap);
    assertEquals(stepsUntil(gap, 1, slope), steps);
  }));
  assertEquals(stepsUntil(Infinity, 1, 0), Infinity);
});
