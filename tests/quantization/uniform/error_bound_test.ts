import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  measureRoundTrip,
  quantize,
  roundingNoiseFormula,
  signalToNoise,
  signalToNoiseFormula,
} from "@fewer-bytes/quantization";

const random = seeded(11);
const uniform = new Matrix(
  64,
  256,
  Float32Array.from({ length: 64 * 256 }, () => 2 * random.uniform() - 1),
);
const gaussian = new Matrix(
  64,
  256,
  Float32Array.from({ length: 64 * 256 }, () => random.normal()),
);

function crestOf({ data }: Matrix<Float32Array>): number {
  const meanSquare = data.reduce((sum, w) => sum + w ** 2, 0) / data.length;
  return Math.max(...data.map(Math.abs)) / Math.sqrt(meanSquare);
}

Deno.test("no value inside its grid moves by more than half a step, whatever the grid", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e6 }),
      fc.integer({ min: 2, max: 16 }),
      fc.boolean(),
      fc.constantFrom(1, 0.7, 0.2),
      (seed, bits, symmetric, clip) => {
        const random = seeded(seed);
        const matrix = new Matrix(
          2,
          32,
          Float32Array.from({ length: 64 }, () => random.normal(1, 2)),
        );
        const { largestErrorInSteps } = measureRoundTrip(matrix, {
          bits,
          symmetric,
          clip,
          groupSize: 16,
        });
        // Scales and values are rounded to 24 bits themselves: at 16 bits, that is 1/256 of a step.
        assert(largestErrorInSteps <= 0.5 + 2 ** (bits - 23), `${largestErrorInSteps}`);
      },
    ),
  );
});

Deno.test("clipping breaks the bound: the share beyond the grid is counted, and grows as the clip shrinks", () => {
  assertEquals(measureRoundTrip(gaussian, { bits: 8 }).clippedShare, 0);
  const shares = [0.9, 0.6, 0.3].map((clip) =>
    measureRoundTrip(gaussian, { bits: 8, clip }).clippedShare
  );
  assert(shares[0]! > 0 && shares[0]! < shares[1]! && shares[1]! < shares[2]!, `${shares}`);
});

Deno.test("signalToNoise() is what rounding leaves of uniform values, within 0.1 dB from 4 bits on", () => {
  for (const bits of [4, 6, 8, 10, 12]) {
    const measured = measureRoundTrip(uniform, { bits, groupSize: "tensor" }).signalToNoise;
    assertAlmostEquals(signalToNoise(bits, crestOf(uniform)), measured, 0.1);
  }
});

Deno.test("signalToNoise() is what rounding leaves of Gaussian values from 5 bits on, and wrong at 2 and when clipped", () => {
  const gap = (bits: number, clip = 1) =>
    measureRoundTrip(gaussian, { bits, clip, groupSize: "tensor" }).signalToNoise -
    signalToNoise(bits, crestOf(gaussian));
  for (const bits of [5, 8, 11]) assertAlmostEquals(gap(bits), 0, 0.2);
  assert(Math.abs(gap(2)) > 1, `${gap(2)}`);
  assert(gap(11, 0.3) < -20, `${gap(11, 0.3)}`);
});

Deno.test("signalToNoise() gains 6.02 dB with a bit, once the grid has many marks", () => {
  for (let bits = 10; bits < 16; bits++) {
    assertAlmostEquals(
      signalToNoise(bits + 1, 3) - signalToNoise(bits, 3),
      20 * Math.log10(2),
      0.01,
    );
  }
});

Deno.test("the printed formulas of noise are what the functions compute and measure", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 16 }),
      fc.double({ min: 1, max: 100, noNaN: true }),
      (bits, crest) => {
        assertAlmostEquals(
          signalToNoiseFormula.evaluate({ bits, crest }),
          signalToNoise(bits, crest),
          1e-9,
        );
      },
    ),
  );
  const grid = { bits: 8, groupSize: "tensor" } as const;
  const noise = roundingNoiseFormula.evaluate({ scale: quantize(uniform, grid).scales[0]! });
  assertAlmostEquals(measureRoundTrip(uniform, grid).meanSquaredError / noise, 1, 0.03);
});

Deno.test("signalToNoise() refuses a crest below 1, which no signal has", () => {
  assertThrows(() => signalToNoise(8, 0.9), RangeError, "the crest must be");
  assertThrows(() => signalToNoise(1, 2), RangeError, "bits must be");
});
