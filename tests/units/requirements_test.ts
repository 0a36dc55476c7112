import { assertEquals, assertThrows } from "@std/assert";
import { requireAtLeast, requireInteger, requirePositive } from "@fewer-bytes/units";

const action = "cook";

Deno.test("requireAtLeast() gives the value back, and refuses NaN, infinity and what is too small", () => {
  assertEquals(requireAtLeast(3, 3, action, "salt"), 3);
  for (const value of [2.999, NaN, Infinity, -Infinity]) {
    const words = `Cannot cook as salt must be a finite number >= 3: current value is ${value}`;
    assertThrows(() => requireAtLeast(value, 3, action, "salt"), RangeError, words);
  }
  assertThrows(() => requireAtLeast("3" as unknown as number, 3, action, "salt"), TypeError, '"3"');
  assertThrows(
    () => requireAtLeast(undefined as unknown as number, 3, action, "salt"),
    TypeError,
    "undefined",
  );
});

Deno.test("requirePositive() refuses zero, requireInteger() a fraction", () => {
  assertEquals([requirePositive(0.1, action, "salt"), requireInteger(2, 1, action, "salt")], [
    0.1,
    2,
  ]);
  assertThrows(() => requirePositive(0, action, "salt"), RangeError, "salt must be > 0");
  assertThrows(
    () => requireInteger(1.5, 1, action, "salt"),
    RangeError,
    "a whole number: current value is 1.5",
  );
});
