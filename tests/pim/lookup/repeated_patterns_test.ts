import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import {
  type IntegerMatrix,
  measureRepeats,
  repeatedPatternsFormula,
  repeatedShare,
} from "@fewer-bytes/pim";

/** A batch of activations at 8 bits, uniform or bell-shaped. */
function activations(
  rows: number,
  columns: number,
  seed: number,
  deviation?: number,
): IntegerMatrix {
  const random = seeded(seed);
  const draw = () =>
    deviation === undefined
      ? random.integer(256) - 128
      : Math.max(-128, Math.min(127, Math.round(random.normal(0, deviation))));
  return { rows, columns, bits: 8, data: Int32Array.from({ length: rows * columns }, draw) };
}

Deno.test("repeatedShare() is what uniform numbers show, and its printed formula", () => {
  for (const [group, rows] of [[4, 1], [4, 3], [8, 10], [2, 1]] as const) {
    const measured = measureRepeats(activations(rows, 960 * group, rows), { group });
    const reads = 8 * rows;
    assertAlmostEquals(repeatedShare(group, reads), measured, 0.015);
    assertAlmostEquals(
      repeatedShare(group, reads),
      repeatedPatternsFormula.evaluate({ g: group, m: reads }),
      1e-9,
    );
  }
});

Deno.test("repeatedShare() counts the birthdays: 23 people among 365 days have 0.68 that repeat", () => {
  // The same law with 365 for 2^g: 23 - 365 (1 - (364/365)^23). Here with 256 days and 23 people.
  const different = 256 * (1 - (255 / 256) ** 23);
  assertAlmostEquals(23 * repeatedShare(8, 23), 23 - different, 1e-9);
});

Deno.test("SAIL's 13.8 % lies between tables of 16 and of 32 sums, by chance alone, in one vector of 8 bits", () => {
  assert(repeatedShare(4, 8) > 0.138 && repeatedShare(5, 8) < 0.138);
});

Deno.test("bell-shaped activations repeat more, as the upper bits of small numbers are equal", () => {
  const shares = [undefined, 20, 5].map((deviation) =>
    measureRepeats(activations(1, 4096, 5, deviation), { group: 4 })
  );
  assert(shares[1]! > shares[0]! + 0.1 && shares[2]! > shares[1]! + 0.1, `${shares}`);
});

Deno.test("measureRepeats() looks within its window only", () => {
  // Of the eight bits of each 3 two are set: one pattern of ones, one of zeros.
  const equal = { rows: 4, columns: 4, bits: 8, data: new Int32Array(16).fill(3) };
  assertEquals(measureRepeats(equal, { group: 4 }), 1 - 2 / 32);
  assertEquals(measureRepeats(equal, { group: 4, rows: 2 }), 1 - 2 / 16);
  assertEquals(measureRepeats(equal, { group: 4, rows: 1 }), 1 - 2 / 8);
  assertThrows(() => measureRepeats(equal, { group: 0 }), RangeError, "group");
  assertThrows(() => repeatedShare(4, 0), RangeError, "reads");
});
