import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { hadamard, hadamardOrders, hadamardTransform } from "@fewer-bytes/quantization";

function gaussian(rows: number, columns: number, seed: number) {
  const random = seeded(seed);
  return new Matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );
}

Deno.test("hadamardTransform() multiplies each row with H/√n, and its inverse with Hᵀ/√n", () => {
  const order = fc.constantFrom(...hadamardOrders(100), 192, 512);
  fc.assert(
    fc.property(order, fc.integer({ min: 1, max: 3 }), fc.nat(1e6), (n, rows, seed) => {
      const x = gaussian(rows, n, seed);
      const h = hadamard(n).map((value) => value / Math.sqrt(n));
      for (const inverse of [false, true]) {
        const fast = x.clone();
        hadamardTransform(fast.data, n, { inverse });
        const slow = x.multiply(inverse ? h.transpose() : h);
        fast.data.forEach((value, i) => assertAlmostEquals(value, slow.data[i]!, 1e-12));
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("hadamardTransform() keeps the length of a vector, and its inverse gives it back", () => {
  for (const order of [32, 192, 560]) {
    const x = Float32Array.from(gaussian(2, order, order).data);
    const before = x.slice();
    const energy = (values: Float32Array) => values.reduce((sum, value) => sum + value ** 2, 0);
    hadamardTransform(x, order);
    assert(x.some((value, i) => Math.abs(value - before[i]!) > 0.1));
    assertAlmostEquals(energy(x) / energy(before), 1, 1e-5);
    hadamardTransform(x, order, { inverse: true });
    x.forEach((value, i) => assertAlmostEquals(value, before[i]!, 1e-5));
  }
});

Deno.test("hadamardTransform() refuses parts of rows and orders that do not exist", () => {
  assertThrows(() => hadamardTransform(new Float32Array(10), 4), RangeError, "length is 10");
  assertThrows(() => hadamardTransform(new Float32Array(6), 6), RangeError, "Hadamard");
  assertEquals(hadamardTransform(new Float32Array(0), 4), undefined);
});
