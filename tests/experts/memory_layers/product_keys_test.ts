import { assert, assertEquals, assertThrows } from "@std/assert";
import { bestProductKeys } from "@fewer-bytes/experts";
import { seeded } from "@fewer-bytes/numeric";
import fc from "fast-check";

/** The best of all sums, each worked out. */
function searched(left: readonly number[], right: readonly number[], few: number): number[] {
  return left.flatMap((a, one) =>
    right.map((b, other) => ({ key: one * right.length + other, score: a + b }))
  )
    .sort((a, b) => b.score - a.score || a.key - b.key)
    .slice(0, few).map(({ key }) => key);
}

Deno.test("bestProductKeys() is the best of all sums of halves, also where scores are equal", () => {
  const halves = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(halves, halves, fc.integer({ min: 1, max: 20 }), (left, right, wanted) => {
      const few = Math.min(wanted, left.length * right.length);
      const found = bestProductKeys(left, right, few);
      const scores = found.map(({ score }) => score);
      const all = searched(left, right, few).map((key) =>
        left[Math.floor(key / right.length)]! + right[key % right.length]!
      );
      assertEquals(scores, all);
      assertEquals(new Set(found.map(({ key }) => key)).size, few);
    }),
    { numRuns: 300 },
  );
});

Deno.test("bestProductKeys() finds 32 of 65,536 keys as a search through all of them does", () => {
  const random = seeded(6);
  const halves = () => Array.from({ length: 256 }, () => random.normal());
  for (let query = 0; query < 3; query++) {
    const [left, right] = [halves(), halves()];
    const found = bestProductKeys(left, right, 32);
    assertEquals(found.map(({ key }) => key), searched(left, right, 32));
    assert(found.every((one) => one.score === left[one.left]! + right[one.right]!));
  }
});

Deno.test("bestProductKeys() refuses more keys than there are, and scores that are none", () => {
  assertThrows(
    () => bestProductKeys([1, 2], [3], 3),
    RangeError,
    "at least 3: current number is 2",
  );
  assertThrows(() => bestProductKeys([1, NaN], [3], 1), RangeError, "that of half 1 is NaN");
  assertThrows(() => bestProductKeys([1], [3], 0), RangeError, "how many are wanted");
});
