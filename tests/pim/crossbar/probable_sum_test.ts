import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { probableSum, probableSumFormula } from "@fewer-bytes/pim";

/** Mean and deviation over all vectors of n bits with b ones, against one fixed vector with a ones. */
function bruteForce(a: number, b: number, n: number): { mean: number; deviation: number } {
  const fixed = 2 ** a - 1;
  const ones = (value: number) => value.toString(2).replaceAll("0", "").length;
  const sums: number[] = [];
  for (let other = 0; other < 2 ** n; other++) {
    if (ones(other) === b) sums.push(ones(fixed & other));
  }
  const mean = sums.reduce((sum, value) => sum + value, 0) / sums.length;
  const variance = sums.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sums.length;
  return { mean, deviation: Math.sqrt(variance) };
}

Deno.test("probableSum() is the mean and deviation over all vectors with so many ones", () => {
  for (const n of [1, 2, 7, 10]) {
    for (let a = 0; a <= n; a++) {
      for (let b = 0; b <= n; b++) {
        const found = probableSum(a, b, n), expected = bruteForce(a, b, n);
        assertAlmostEquals(found.mean, expected.mean, 1e-9);
        assertAlmostEquals(found.deviation, expected.deviation, 1e-9);
        assertAlmostEquals(found.mean, probableSumFormula.evaluate({ a, b, n }), 1e-12);
      }
    }
  }
});

Deno.test("probableSum() is certain when a vector is all ones, and refuses more ones than places", () => {
  assertEquals(probableSum(8, 3, 8), { mean: 3, deviation: 0 });
  assertThrows(() => probableSum(9, 1, 8), RangeError, "at most the places, 8");
  assertThrows(() => probableSum(1, 1, 0), RangeError, "n");
});
