import { assertEquals, assertThrows } from "@std/assert";
import { halvingSchedule, uniformChain } from "@fewer-bytes/training";

Deno.test("uniformChain() repeats one stage", () => {
  const stage = { forward: 1, backward: 2, input: 3, tape: 4 };
  assertEquals(uniformChain(3, stage), [stage, stage, stage]);
});

Deno.test("chains without stages, and stages with times that are none, are refused", () => {
  assertThrows(() => uniformChain(0), RangeError, "must have a stage");
  assertThrows(
    () => uniformChain(1, { forward: NaN, backward: 1, input: 1 }),
    RangeError,
    "forward of stage 0",
  );
  assertThrows(
    () => halvingSchedule([{ forward: 1, backward: 1, input: -1 }]),
    RangeError,
    "input of stage 0",
  );
});
