import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { dequantize, integerMultiply, quantize } from "@fewer-bytes/quantization";

function gaussian(rows: number, columns: number, seed: number): Matrix<Float32Array> {
  const random = seeded(seed);
  return new Matrix(
    rows,
    columns,
    Float32Array.from({ length: rows * columns }, () => random.normal(0.3, 1)),
  );
}

const grids = fc.record({
  bits: fc.integer({ min: 2, max: 8 }),
  symmetric: fc.boolean(),
  groupSize: fc.constantFrom<(number | "row" | "tensor")[]>(4, 6, 24, "row", "tensor"),
});

Deno.test("integerMultiply() is the product of the dequantized matrices up to float rounding, for all grids", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), grids, grids, (seed, gridX, gridW) => {
      const x = quantize(gaussian(3, 24, seed), gridX);
      const w = quantize(gaussian(5, 24, seed + 1), gridW);
      const [a, b] = [dequantize(x), dequantize(w)];
      const expected = a.multiply(b.transpose());
      // Float error scales with the sum of sizes, which cancellation can leave far above the sum.
      const sizes = a.map(Math.abs).multiply(b.map(Math.abs).transpose());
      integerMultiply(x, w).data.forEach((value, i) =>
        assertAlmostEquals(value, expected.data[i]!, 4 * 2 ** -23 * sizes.data[i]!)
      );
    }),
  );
});

Deno.test("integerMultiply() loses nothing when the scales are powers of two", () => {
  const x = new Matrix(1, 4, Float32Array.of(127, -64, 3, 0));
  const w = new Matrix(2, 4, Float32Array.of(-254, 2, 4, 8, 63.5, 0.5, -1, 1));
  assertEquals([...integerMultiply(quantize(x, { bits: 8 }), quantize(w, { bits: 8 })).data], [
    127 * -254 - 64 * 2 + 3 * 4,
    127 * 63.5 - 64 * 0.5 - 3,
  ]);
});

Deno.test("integerMultiply() refuses sums that 32 bits cannot hold, which small groups avoid", () => {
  const long = (groupSize: number | "row") =>
    quantize(new Matrix(1, 140_000, new Float32Array(140_000).fill(1)), { bits: 8, groupSize });
  assertThrows(() => integerMultiply(long("row"), long("row")), RangeError, "140000 products");
  assertAlmostEquals(integerMultiply(long("row"), long(70_000)).get(0, 0), 140_000, 0.1);
});

Deno.test("integerMultiply() refuses other inputs and more than 8 bits", () => {
  const eight = quantize(gaussian(2, 8, 1), { bits: 8 });
  assertThrows(
    () => integerMultiply(eight, quantize(gaussian(2, 4, 1), { bits: 8 })),
    TypeError,
    "4 and 8",
  );
  assertThrows(
    () => integerMultiply(eight, quantize(gaussian(2, 8, 1), { bits: 9 })),
    RangeError,
    "at most 8",
  );
});
