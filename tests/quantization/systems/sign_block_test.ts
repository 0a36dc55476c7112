import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix, seeded, singularValues } from "@fewer-bytes/numeric";
import { composeBlock, signBlock, signBlockBytes } from "@fewer-bytes/quantization";

function gaussian(rows: number, columns: number, seed: number) {
  const random = seeded(seed);
  return new Matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );
}

const squared = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);

Deno.test("signBlock() leaves the energy of the singular values of |w| that it does not keep", () => {
  const size = fc.integer({ min: 3, max: 12 });
  fc.assert(
    fc.property(size, size, fc.integer({ min: 1, max: 3 }), fc.nat(1e6), (m, n, k, seed) => {
      const w = gaussian(m, n, seed);
      const expected = squared(singularValues(w.map(Math.abs)).values.slice(k));
      const composed = composeBlock(signBlock(w, k));
      const left = squared(w.map((value, i) => value - composed.data[i]!).data);
      assertAlmostEquals(left, expected, 1e-3 * squared(w.data)); // the vectors have 16 bits
    }),
  );
});

Deno.test("signBlock() of rank 1 leaves 1 − 2/π of Gaussian numbers, as the best 1-bit quantizer does", () => {
  const w = gaussian(150, 100, 1);
  const composed = composeBlock(signBlock(w, 1));
  const left = squared(w.map((value, i) => value - composed.data[i]!).data) / squared(w.data);
  assertAlmostEquals(left, 1 - 2 / Math.PI, 0.02); // less by what the rows' and columns' own sizes explain
});

Deno.test("signBlock() stores one bit and its part of the vectors for each number", () => {
  const { bytes, signs, left, right } = signBlock(gaussian(24, 40, 1), 3);
  assertEquals([signs.length, left.length, right.length], [24 * 40 / 8, 24 * 3, 40 * 3]);
  assertEquals(bytes, 24 * 40 / 8 + 2 * 3 * (24 + 40));
  assertEquals(bytes, signs.byteLength + left.byteLength + right.byteLength);
  assertEquals(signBlock(gaussian(3, 3, 1), 1).signs.length, 2); // nine bits
});

Deno.test("signBlockBytes() counts whole bytes of signs, as signBlock() makes them", () => {
  const { signs, left, right } = signBlock(gaussian(3, 3, 1), 1);
  assertEquals(signBlockBytes(3, 3, 1), signs.byteLength + left.byteLength + right.byteLength);
});

Deno.test("signBlock() keeps zeros as zeros and refuses what it cannot store", () => {
  const zeros = composeBlock(signBlock(Matrix.zeros(4, 6), 2));
  assert(zeros.data.every((value) => value === 0));
  assertThrows(() => signBlock(gaussian(4, 6, 1), 5), RangeError, "<= 4");
  assertThrows(() => signBlock(gaussian(4, 6, 1), 0), RangeError, "rank");
  assertThrows(() => signBlock(Matrix.from([[NaN, 1], [1, 1]]), 1), RangeError, "finite");
});
