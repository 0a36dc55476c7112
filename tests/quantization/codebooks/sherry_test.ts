import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import { packSherry, sherry, sparseTernarize, ternary } from "@fewer-bytes/quantization";

/** Between −1 and 1, in steps of 2⁻²⁰: powers of two can scale it, and nothing is lost. */
const number = fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((steps) => steps / 2 ** 20);

/** All 81 blocks of four ternary weights. */
const blocks = Array.from(
  { length: 81 },
  (_, n) => [1, 3, 9, 27].map((d) => Math.floor(n / d) % 3 - 1),
);
const legal = blocks.filter((block) => block.filter((weight) => weight === 0).length === 1);

Deno.test("sparseTernarize() leaves the smallest squared error, by a brute force over all patterns of two blocks", () => {
  const row = fc.array(number, { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(row, (numbers) => {
      const values = Float32Array.from(numbers);
      let best = Infinity;
      for (const a of legal) {
        for (const b of legal) {
          const pattern = [...a, ...b];
          const scale = pattern.reduce((sum, sign, i) => sum + sign * values[i]!, 0) / 6; // least squares
          const error = pattern.reduce((sum, sign, i) => sum + (sign * scale - values[i]!) ** 2, 0);
          best = Math.min(best, error);
        }
      }
      const back = sherry.roundTrip(values);
      const own = back.reduce((sum, value, i) => sum + (value - values[i]!) ** 2, 0);
      assertAlmostEquals(own, best, 1e-6);
    }),
    { numRuns: 20 },
  );
});

Deno.test("sherry twice is once, can be packed, and goes along with powers of two", () => {
  const row = fc.array(number, {
    minLength: 16,
    maxLength: 16,
  });
  fc.assert(fc.property(row, (numbers) => {
    const values = Float32Array.from(numbers);
    const once = sherry.roundTrip(values);
    assertEquals([...sherry.roundTrip(once)], [...once]);
    packSherry(sparseTernarize(values).codes); // refuses what is not 3:4
    assertEquals([...sherry.roundTrip(values.map((x) => x / 8))], Array.from(once, (x) => x / 8));
  }));
});

Deno.test("3:4 costs accuracy on Gaussian weights against free ternary with its best scale, and saves a fifth of the bits", () => {
  const random = seeded(9);
  const values = Float32Array.from({ length: 40_000 }, () => random.normal());
  const error = (back: ArrayLike<number>) =>
    values.reduce((sum, x, i) => sum + (x - back[i]!) ** 2, 0);
  const pattern = ternary.roundTrip(values).map(Math.sign);
  const count = pattern.reduce((sum, sign) => sum + Math.abs(sign), 0);
  const scale = pattern.reduce((sum, sign, i) => sum + sign * values[i]!, 0) / count;
  assert(error(sherry.roundTrip(values)) > error(pattern.map((sign) => sign * scale)));
  assertAlmostEquals(1 - sherry.bitsPerValue / ternary.bitsPerValue, 0.22, 0.01);
});

Deno.test("sparseTernarize() comes through zeros, and refuses parts of blocks and NaN", () => {
  assertEquals([...sherry.roundTrip(new Float32Array(4))].map(Math.abs), [0, 0, 0, 0]);
  assertThrows(() => sparseTernarize(new Float32Array(5)), RangeError, "multiple of 4");
  assertThrows(() => sparseTernarize(new Float32Array(4).fill(NaN)), RangeError, "finite");
});
