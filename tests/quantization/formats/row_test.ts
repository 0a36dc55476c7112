import { assertEquals, assertThrows } from "@std/assert";
import { largestOf, requireRow } from "../../../lib/quantization/formats/row.ts";

Deno.test("largestOf() is the largest magnitude, and 0 of nothing", () => {
  assertEquals(largestOf(Float32Array.of(1, -3, 2)), 3);
  assertEquals(largestOf(new Float32Array()), 0);
});

Deno.test("requireRow() lets whole blocks of finite values pass, and names what is wrong with others", () => {
  requireRow(new Float32Array(6), 3, "X");
  requireRow(new Float32Array(), 3, "X");
  assertThrows(
    () => requireRow(new Float32Array(7), 3, "X"),
    RangeError,
    "Cannot encode X as the length of a row must be a multiple of 3: current value is 7",
  );
  assertThrows(
    () => requireRow(Float32Array.of(1, -Infinity), 1, "X"),
    RangeError,
    "Cannot encode X as every value must be finite: value 1 is -Infinity",
  );
});
