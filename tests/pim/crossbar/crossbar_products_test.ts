import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import {
  converterBits,
  converterDeviation,
  crossbarProducts,
  type IntegerMatrix,
} from "@fewer-bytes/pim";
import fc from "fast-check";

function draw(length: number, bits: number, seed: number): Int32Array {
  const random = seeded(seed);
  return Int32Array.from({ length }, () => random.integer(2 ** bits) - 2 ** (bits - 1));
}

function exact({ rows, columns, data }: IntegerMatrix, vector: Int32Array): number[] {
  return Array.from(
    { length: rows },
    (_, row) =>
      vector.reduce((sum, value, column) => sum + value * data[row * columns + column]!, 0),
  );
}

function deviation(found: Float64Array, expected: number[]): number {
  return Math.sqrt(
    found.reduce((sum, value, i) => sum + (value - expected[i]!) ** 2, 0) / found.length,
  );
}

Deno.test("crossbarProducts() equals multiplication when its converters tell all sums apart", () => {
  const whole = (min: number, max: number) => fc.integer({ min, max });
  fc.assert(
    fc.property(
      whole(1, 8),
      whole(1, 6),
      whole(1, 3),
      whole(1, 40),
      whole(1, 20),
      whole(0, 1e6),
      (bits, inputBits, cellBits, columns, rows, seed) => {
        const matrix = { rows: 3, columns, bits, data: draw(3 * columns, bits, seed) };
        const vector = draw(columns, inputBits, seed + 1);
        const crossbar = { rows, cellBits, converterBits: converterBits({ rows, cellBits }) };
        const found = crossbarProducts(matrix, vector, inputBits, crossbar);
        assertEquals([...found], exact(matrix, vector));
      },
    ),
    { numRuns: 60 },
  );
});

const matrix = { rows: 200, columns: 256, bits: 8, data: draw(200 * 256, 8, 3) };
const vector = draw(256, 8, 4);
const shape = { rows: 128, cellBits: 2 };

Deno.test("rounding converters deviate by what converterDeviation() says, twice as much for a bit less", () => {
  const operands = { weightBits: 8, inputBits: 8 };
  for (const bits of [4, 5, 6]) {
    const found = deviation(
      crossbarProducts(matrix, vector, 8, { ...shape, converterBits: bits }),
      exact(matrix, vector),
    );
    const expected = converterDeviation(256, bits, shape, operands);
    assert(Math.abs(found / expected - 1) < 0.2, `${bits}: ${found} ${expected}`);
  }
});

Deno.test("noise in the cells adds to the error, in proportion to its deviation", () => {
  const withNoise = (spread: number) =>
    deviation(
      crossbarProducts(matrix, vector, 8, {
        ...shape,
        converterBits: 16,
        noise: { deviation: spread, random: seeded(9) },
      }),
      exact(matrix, vector),
    );
  const [one, three] = [withNoise(0.1), withNoise(0.3)];
  assertAlmostEquals(three / one, 3, 0.5);
});

Deno.test("crossbarProducts() refuses vectors of another length, and sizes that are none", () => {
  const crossbar = { ...shape, converterBits: 8 };
  assertThrows(() => crossbarProducts(matrix, vector.subarray(1), 8, crossbar), TypeError, "256");
  assertThrows(
    () => crossbarProducts(matrix, vector, 8, { ...crossbar, rows: 0 }),
    RangeError,
    "rows",
  );
  assertThrows(() => crossbarProducts(matrix, vector, 0, crossbar), RangeError, "inputBits");
});
