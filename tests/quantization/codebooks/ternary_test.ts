import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import { deternarize, gaussianCumulative, ternarize, ternary } from "@fewer-bytes/quantization";

/** Between −1 and 1, in steps of 2⁻²⁰: powers of two can scale it, and nothing is lost. */
const number = fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((steps) => steps / 2 ** 20);

const row = fc.array(number, { minLength: 1, maxLength: 40 })
  .map((values) => Float32Array.from(values));

Deno.test("ternarize() rounds and clips w / mean|w|, as the paper's formula reads", () => {
  fc.assert(fc.property(row, (values) => {
    const { scale, codes } = ternarize(values);
    const mean = [...values].reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
    assertAlmostEquals(scale, mean, 1e-6);
    codes.forEach((code, i) => {
      const ratio = values[i]! / mean || 0;
      if (Math.abs(Math.abs(ratio) - 0.5) < 1e-6) return; // the scale's rounding decides
      assertEquals(code + 0, Math.max(-1, Math.min(Math.round(ratio), 1)) + 0);
    });
  }));
});

Deno.test("ternarize() goes along with powers of two and with signs", () => {
  fc.assert(fc.property(row, (values) => {
    const once = ternary.roundTrip(values);
    const other = ternary.roundTrip(values.map((value) => -4 * value));
    assertEquals([...other].map((x) => x + 0), [...once].map((x) => -4 * x + 0));
  }));
});

Deno.test("ternarize() of Gaussian weights leaves 31 % zeros: what lies within half of √(2/π)", () => {
  const random = seeded(7);
  const { codes } = ternarize(Float32Array.from({ length: 50_000 }, () => random.normal()));
  const zeros = codes.filter((code) => code === 0).length / codes.length;
  const border = Math.sqrt(2 / Math.PI) / 2;
  const expected = gaussianCumulative(border) - gaussianCumulative(-border);
  assertAlmostEquals(expected, 0.31, 1e-3);
  assertAlmostEquals(zeros, expected, 5 * Math.sqrt(0.31 * 0.69 / 50_000));
});

Deno.test("ternarize() twice shrinks: the zeros lower the mean", () => {
  const { scale, codes } = ternarize(Float32Array.of(1, -1, 0.1, 0.1));
  const again = ternarize(deternarize({ scale, codes }));
  assertEquals([...again.codes], [...codes]);
  assertEquals(again.scale, scale / 2);
});

Deno.test("ternarize() comes through zeros and nothing, and refuses NaN", () => {
  assertEquals([...ternary.roundTrip(new Float32Array(3))], [0, 0, 0]);
  assertEquals(ternary.roundTrip(new Float32Array()).length, 0);
  assertThrows(() => ternarize(Float32Array.of(NaN)), RangeError, "finite");
});
