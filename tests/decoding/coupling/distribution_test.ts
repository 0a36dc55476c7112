import { assert, assertEquals, assertThrows } from "@std/assert";
import { acceptance, chiSquare, draw } from "@fewer-bytes/decoding";
import { seeded } from "@fewer-bytes/numeric";

Deno.test("draw() follows the law", () => {
  const law = [0.5, 0, 0.3, 0.2];
  const random = seeded(5);
  const counts = new Float64Array(4);
  for (let n = 0; n < 20_000; n++) counts[draw(law, random)]!++;
  assert(chiSquare(counts, law).chance > 1e-4);
});

Deno.test("draw() never gives a token without a chance, even where sums of floats fall short", () => {
  const short = [0, 0.1, 0.2, 0.3, 0.4 - 1e-7, 0];
  const last = { ...seeded(1), uniform: () => 1 - 2 ** -32 };
  assertEquals(draw(short, last), 4);
  assertEquals(draw(short, { ...last, uniform: () => 0 }), 1);
});

Deno.test("what is no law is refused, by name", () => {
  assertThrows(() => acceptance([0.5, 0.4], [0.5, 0.5]), RangeError, "the target must sum to 1");
  assertThrows(() => acceptance([0.5, 0.5], [1.5, -0.5]), RangeError, "the draft must be >= 0");
  assertThrows(() => acceptance([NaN, 1], [0.5, 0.5]), RangeError, "current value is NaN");
  assertThrows(() => acceptance([], []), RangeError, "sum to 1: current value is 0");
  assertThrows(() => acceptance([1], [0.5, 0.5]), TypeError, "current numbers are 1 and 2");
});
