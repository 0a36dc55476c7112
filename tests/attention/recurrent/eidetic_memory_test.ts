import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { EideticMemory, headAttention } from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import { randomMatrix } from "../kinds/support.ts";

const unit = (rows: number, width: number, seed: number) =>
  Matrix.from(
    randomMatrix(rows, width, seed).toRows().map((row) =>
      row.map((value) => value / Math.hypot(...row))
    ),
  );

Deno.test("a memory of a window alone is attention with a sliding window", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(1e6), (window, seed) => {
    const keys = unit(8, 4, seed), values = randomMatrix(8, 3, seed + 1);
    const query = unit(1, 4, seed + 2);
    const memory = new EideticMemory(4, 3, { window, sharpness: 2 });
    keys.toRows().forEach((key, i) => memory.write(key, [...values.row(i)]));
    // The query stands at the last key, so that the window is that of the last token.
    const expected = headAttention(query, keys, values, { window, scale: 2 });
    memory.recall(query.row(0)).forEach((value, i) =>
      assertAlmostEquals(value, expected.data[i]!, 1e-12)
    );
  }));
});

Deno.test("the eidetic memory holds the tokens that surprised most of all that left the window", () => {
  // Keys at right angles and nothing foreseen: surprise is the square of the value.
  const memory = new EideticMemory(8, 1, { window: 1, eidetic: 2 });
  const basis = (i: number) => Array.from({ length: 8 }, (_, j) => i === j ? 1 : 0);
  const surprises = [3, -9, 1, 7, 2, 5, 0.5].map((value, i) => memory.write(basis(i), [value]));
  assertEquals(surprises, [9, 81, 1, 49, 4, 25, 0.25]);
  const found = (i: number) => memory.recall(basis(i))[0]!;
  assertAlmostEquals(found(1), -9, 1e-4);
  assertAlmostEquals(found(3), 7, 1e-4);
  assertAlmostEquals(found(6), 0.5, 1e-4); // in the window
  assert(Math.abs(found(5) - 5) > 1, "what surprised less is gone");
});

Deno.test("the fading memory foresees what is repeated, and forgets what is not", () => {
  const memory = new EideticMemory(2, 1, { window: 0, keep: 0.9 });
  memory.write([1, 0], [4]);
  assertAlmostEquals(memory.recall([1, 0])[0]!, 4);
  const surprises = Array.from({ length: 50 }, () => memory.write([0, 1], [1]));
  assertEquals(surprises[0], 1);
  surprises.slice(1).forEach((surprise) => assertAlmostEquals(surprise, 0, 1e-12));
  assertAlmostEquals(memory.recall([1, 0])[0]!, 4 * 0.9 ** 50, 1e-12);
});

Deno.test("sizes that are none are refused", () => {
  assertThrows(() => new EideticMemory(0, 1, { window: 1 }), RangeError, "keyWidth");
  assertThrows(() => new EideticMemory(1, 1, { window: -1 }), RangeError, "the window");
  assertThrows(() => new EideticMemory(1, 1, { window: 1, keep: 1.5 }), RangeError, "keep");
  assertThrows(() => new EideticMemory(1, 1, { window: 1, keep: NaN }), RangeError, "keep");
});
