import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Pattern, patternMask, patterns, twoOfFour } from "@fewer-bytes/sparsity";
import { Matrix } from "@fewer-bytes/numeric";

const somePattern: fc.Arbitrary<Pattern> = fc.integer({ min: 1, max: 6 }).chain((of) =>
  fc.record({ kept: fc.integer({ min: 1, max: of }), of: fc.constant(of) })
);
const someScores = somePattern.chain((pattern) =>
  fc.tuple(
    fc.constant(pattern),
    fc.array(fc.double({ min: 0, max: 9, noNaN: true }), {
      minLength: 2 * pattern.of,
      maxLength: 2 * pattern.of,
    }),
  )
);

const sum = (values: Iterable<number>) => Array.from(values).reduce((a, b) => a + b, 0);

Deno.test("patterns() lists each way to keep n of m once, as many as Pascal's triangle says", () => {
  const choose = (m: number, n: number): number =>
    n === 0 || n === m ? 1 : choose(m - 1, n - 1) + choose(m - 1, n);
  fc.assert(fc.property(somePattern, (pattern) => {
    const all = patterns(pattern);
    assertEquals(all.length, choose(pattern.of, pattern.kept));
    assertEquals(new Set(all.map(String)).size, all.length);
    assert(all.every((mask) => mask.length === pattern.of && sum(mask) === pattern.kept));
  }));
});

Deno.test("patternMask() keeps as much as the best of all patterns, by brute force", () => {
  fc.assert(fc.property(someScores, ([pattern, scores]) => {
    const mask = patternMask(new Matrix(1, scores.length, Float64Array.from(scores)), pattern);
    for (let start = 0; start < scores.length; start += pattern.of) {
      const own = scores.slice(start, start + pattern.of);
      const kept = own.filter((_, i) => mask[start + i]);
      const best = Math.max(
        ...patterns(pattern).map((choice) => sum(own.filter((_, i) => choice[i]))),
      );
      assertEquals(kept.length, pattern.kept);
      assert(Math.abs(sum(kept) - best) < 1e-9);
    }
  }));
});

Deno.test("2:4 keeps at least half of the sum, and n:m at least n/m", () => {
  fc.assert(fc.property(someScores, ([pattern, scores]) => {
    const mask = patternMask(new Matrix(1, scores.length, Float64Array.from(scores)), pattern);
    const kept = sum(scores.filter((_, i) => mask[i]));
    assert(kept >= sum(scores) * pattern.kept / pattern.of - 1e-9);
  }));
  const equal = new Float64Array(4).fill(1);
  assertEquals(sum(patternMask(new Matrix(1, 4, equal), twoOfFour)), 2); // and no more, when all are equal
});

Deno.test("patternMask() refuses rows that its groups do not divide, and what is no pattern", () => {
  assertThrows(() => patternMask(Matrix.zeros(2, 6), twoOfFour), RangeError, "current value is 6");
  assertThrows(() => patterns({ kept: 3, of: 2 }), RangeError, "<= 2");
  assertThrows(() => patterns({ kept: 0, of: 2 }), RangeError, "kept values");
  assertThrows(() => patterns({ kept: 1, of: 2.5 }), RangeError, "group");
});
