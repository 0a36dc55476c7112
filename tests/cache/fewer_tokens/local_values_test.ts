import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { localValues } from "@fewer-bytes/cache";

Deno.test("localValues() is the whole sum when all values are fetched, and off by no more than what is missing", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1000 }),
      fc.integer({ min: 1, max: 12 }),
      (seed, count) => {
        const random = seeded(seed);
        const weights = Array.from({ length: 12 }, () => Math.exp(2 * random.normal()));
        const sum = weights.reduce((a, b) => a + b, 0);
        const shares = weights.map((weight) => weight / sum);
        const values = Matrix.from(shares.map(() => [random.normal(), random.normal()]));
        const whole = Matrix.from([shares]).multiply(values);
        const { result, mass } = localValues(shares, values, count);
        const largest = Math.max(...values.data.map(Math.abs));
        result.forEach((value, i) =>
          assert(Math.abs(value - whole.get(0, i)) <= (1 - mass) * largest + 1e-12)
        );
        const best = shares.toSorted((a, b) => b - a).slice(0, count).reduce((a, b) => a + b, 0);
        assertAlmostEquals(mass, best, 1e-12);
      },
    ),
  );
});

Deno.test("localValues() refuses shares that do not fit the values, and to fetch none", () => {
  const values = Matrix.from([[1], [2]]);
  assertThrows(
    () => localValues([1], values, 1),
    TypeError,
    "one share for each of 2: current length is 1",
  );
  assertThrows(() => localValues([0.5, 0.5], values, 0), RangeError, "count");
  assertEquals([...localValues([0.5, 0.5], values, 9).result], [1.5]);
});
