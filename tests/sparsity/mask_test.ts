import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { applyMask, density, dropLowest, prunedCount } from "@fewer-bytes/sparsity";
import { Matrix } from "@fewer-bytes/numeric";

const someScores = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 40 });

Deno.test("dropLowest() drops exactly as many as asked, and none that is worth more than one that stays", () => {
  fc.assert(fc.property(someScores, fc.nat(), (scores, seed) => {
    const count = seed % (scores.length + 1);
    const mask = dropLowest(Float64Array.from(scores), count);
    const dropped = scores.filter((_, i) => !mask[i]);
    const kept = scores.filter((_, i) => mask[i]);
    assertEquals(dropped.length, count);
    assert(Math.max(...dropped, -1) <= Math.min(...kept, 9));
  }));
});

Deno.test("dropLowest() drops the first of equals, as a stable sort would", () => {
  fc.assert(fc.property(someScores, fc.nat(), (scores, seed) => {
    const count = seed % (scores.length + 1);
    const sorted = scores.map((_, i) => i).toSorted((a, b) => scores[a]! - scores[b]! || a - b);
    const expected = new Uint8Array(scores.length).fill(1);
    for (const index of sorted.slice(0, count)) expected[index] = 0;
    assertEquals(dropLowest(Float64Array.from(scores), count), expected);
  }));
});

Deno.test("dropLowest() refuses NaN, which is neither low nor high", () => {
  assertThrows(() => dropLowest(Float32Array.of(1, NaN), 1), RangeError, "one is NaN");
});

Deno.test("prunedCount() is the whole number below the share, for every percentage of every hundred", () => {
  for (let percent = 0; percent <= 100; percent++) {
    for (const hundreds of [1, 7, 1000]) {
      assertEquals(prunedCount(percent / 100, 100 * hundreds), percent * hundreds);
    }
  }
  assertEquals(prunedCount(0.5, 7), 3);
});

Deno.test("prunedCount() refuses what is no share", () => {
  assertThrows(() => prunedCount(1.5, 4), RangeError, "sparsity must be <= 1");
  assertThrows(() => prunedCount(-0.1, 4), RangeError, "sparsity");
  assertThrows(() => prunedCount(NaN, 4), RangeError, "sparsity");
});

Deno.test("applyMask() refuses a mask of another size", () => {
  assertThrows(() => applyMask(Matrix.zeros(2, 2), Uint8Array.of(1)), TypeError, "4 values");
});

Deno.test("applyMask() puts zeros even where a weight is infinite", () => {
  assertEquals(applyMask(Matrix.from([[Infinity, 1]]), Uint8Array.of(0, 1)).toRows(), [[0, 1]]);
});

Deno.test("density() has no answer for nothing", () => {
  assertThrows(() => density([]), RangeError, "number of values");
});
