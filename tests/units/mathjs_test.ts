import { assertEquals, assertThrows } from "@std/assert";
import { createMathjs, mathjs, parseQuantity } from "@fewer-bytes/units";

Deno.test("createMathjs() keeps its settings to itself", () => {
  const real = createMathjs({ predictable: true });
  assertEquals(real.sqrt(-1), NaN);
  assertEquals(mathjs.sqrt(-1), mathjs.complex(0, 1));
});

Deno.test("the units of the course are known to parseQuantity() alone", () => {
  assertEquals(parseQuantity("3 GFLOP", "FLOP"), 3e9);
  assertThrows(() => mathjs.unit("3 GFLOP"), SyntaxError);
});
