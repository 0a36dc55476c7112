import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { eluPlusOne, recurrentLinearAttention } from "@fewer-bytes/attention";
import { randomMatrix } from "../kinds/support.ts";

Deno.test("eluPlusOne() is positive, rises, and is smooth at 0", () => {
  const number = fc.double({ min: -50, max: 50, noNaN: true });
  fc.assert(fc.property(number, number, (a, b) => {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    assertEquals(eluPlusOne(low) > 0 && eluPlusOne(low) <= eluPlusOne(high), true);
  }));
  const slope = (at: number) => (eluPlusOne(at + 1e-6) - eluPlusOne(at)) / 1e-6;
  assertAlmostEquals(slope(-1e-6), slope(0), 1e-5);
});

Deno.test("a state of another shape is refused", () => {
  const [wide, narrow] = [randomMatrix(2, 3, 1), randomMatrix(2, 2, 1)];
  const { state } = recurrentLinearAttention(narrow, narrow, narrow);
  assertThrows(
    () => recurrentLinearAttention(wide, wide, wide, eluPlusOne, state),
    TypeError,
    "must be 3 x 3: current shape is 2 x 2",
  );
});
