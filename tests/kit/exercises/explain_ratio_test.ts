import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { explainRatio } from "../../../kit/exercises/explain_ratio.ts";

const slips: [factor: number, words: RegExp][] = [
  [8, /8 times too large: are bits and bytes mixed up/],
  [1 / 8, /8 times too small: are bits and bytes mixed up/],
  [2, /2 times too large: is one of a pair counted twice/],
  [1 / 2, /2 times too small: is one of a pair/],
  [100, /percentage/],
  [1.024, /1.024 times too large: are kB and KiB/],
  [1 / 1.024 ** 3, /1.0737 times too small: are GB and GiB/],
  [1e9, /1000000000 times too large: is a prefix off/],
  [1 / 1024 ** 2, /1048600 times too small: is a binary prefix off/],
  [-1, /wrong sign/],
  [30, /about 30 times too large/],
];

Deno.test("explainRatio() names the slip, whatever the expected value is", () => {
  // Not near 1, where "upside down" would be met as well.
  fc.assert(
    fc.property(
      fc.double({ min: 1e5, max: 1e12, noNaN: true }),
      fc.constantFrom(...slips),
      (value, slip) => {
        assertMatch(explainRatio(value * slip[0], value)!, slip[1]);
      },
    ),
  );
});

Deno.test("explainRatio() names a fraction that is upside down", () => {
  assertMatch(explainRatio(1 / 295.2, 295.2)!, /upside down/);
  assertMatch(explainRatio(3.35 / 989, 295.2, 1e-3)!, /upside down/);
});

Deno.test("explainRatio() says nothing of values that are close, zero or not finite", () => {
  for (const [actual, expected] of [[100, 101], [0, 5], [5, 0], [NaN, 5], [Infinity, 5]] as const) {
    assertEquals(explainRatio(actual, expected), undefined);
  }
});
