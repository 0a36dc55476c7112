import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix } from "@fewer-bytes/numeric";
import { emptyPart, partOf, requireScore, rescaleFactor } from "@fewer-bytes/attention";

const scoreLists = fc.array(fc.double({ min: -700, max: 700, noNaN: true }), {
  minLength: 1,
  maxLength: 20,
});

Deno.test("partOf() holds the maximum, the sum and the weighted values of the definition, whatever the order", () => {
  fc.assert(fc.property(scoreLists, (scores) => {
    const values = Matrix.from(scores.map((_, i) => [i + 1, Math.sin(i)]));
    const { maximum, sum, weighted } = partOf(scores, values);
    const largest = Math.max(...scores);
    const weights = scores.map((score) => Math.exp(score - largest));
    assertEquals(maximum, largest);
    assertAlmostEquals(sum / weights.reduce((a, b) => a + b), 1, 1e-12);
    for (const j of [0, 1]) {
      const expected = weights.reduce((total, weight, i) => total + weight * values.get(i, j), 0);
      assertAlmostEquals(weighted[j]!, expected, 1e-10);
    }
  }));
});

Deno.test("the update printed in the course's source, without the value vector, would always answer 1", () => {
  // O' = e^(m − m') O + e^(x − m') is the recurrence of the sum itself: divided by the sum it is 1.
  const ones = partOf([3, 1, 2], Matrix.from([[1], [1], [1]]));
  assertEquals(ones.weighted[0], ones.sum);
  const carried = partOf([3, 1, 2], Matrix.from([[5], [1], [1]]));
  assertEquals(carried.weighted[0]! / carried.sum === 1, false);
});

Deno.test("partOf() leaves masked scores out, and of masked scores alone makes the empty part", () => {
  const values = Matrix.from([[9], [2], [9]]);
  assertEquals(partOf([-Infinity, 4, -Infinity], values), partOf([4], Matrix.from([[2]])));
  assertEquals(partOf([-Infinity, -Infinity, -Infinity], values), emptyPart(1));
});

Deno.test("partOf() does not overflow where e^score would", () => {
  assertEquals(partOf([1e5, 1e5], Matrix.from([[1], [3]])).weighted, Float64Array.of(4));
});

Deno.test("partOf() refuses NaN, Infinity, and scores without values", () => {
  const one = Matrix.from([[1]]);
  assertThrows(() => partOf([NaN], one), RangeError, "below Infinity");
  assertThrows(() => partOf([Infinity], one), RangeError, "below Infinity");
  assertThrows(() => partOf([1, 2], one), TypeError, "each score needs a value");
  assertThrows(() => requireScore(NaN), RangeError, "NaN");
});

Deno.test("rescaleFactor() is never NaN, not even between two empty parts", () => {
  assertEquals(rescaleFactor(-Infinity, -Infinity), 1);
  assertEquals(rescaleFactor(-Infinity, 5), 0);
});
