import { assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { converterBits, crossbarProducts, programCrossbar } from "@fewer-bytes/pim";
import fc from "fast-check";

function draw(length: number, bits: number, seed: number): Int32Array {
  const random = seeded(seed);
  return Int32Array.from({ length }, () => random.integer(2 ** bits) - 2 ** (bits - 1));
}

const whole = (min: number, max: number) => fc.integer({ min, max });

Deno.test("programCrossbar() gives the products of crossbarProducts(), cell by cell, for any shape and converter", () => {
  fc.assert(
    fc.property(
      fc.record({
        bits: whole(1, 9),
        inputBits: whole(1, 9),
        cellBits: whole(1, 3),
        columns: whole(1, 80),
        rows: whole(1, 70),
        converterBits: whole(1, 10),
        largestSum: whole(1, 210),
        seed: whole(0, 1e6),
      }),
      ({ bits, inputBits, columns, seed, ...crossbar }) => {
        const matrix = { rows: 3, columns, bits, data: draw(3 * columns, bits, seed) };
        const multiply = programCrossbar(matrix, inputBits, crossbar);
        for (const vector of [1, 2].map((more) => draw(columns, inputBits, seed + more))) {
          assertEquals(multiply(vector), crossbarProducts(matrix, vector, inputBits, crossbar));
        }
      },
    ),
    { numRuns: 80 },
  );
});

Deno.test("programCrossbar() shows each sum: one for each row, array, slice and bit of the input", () => {
  const matrix = { rows: 5, columns: 100, bits: 4, data: draw(500, 4, 1) };
  const sums: number[] = [];
  const shape = { rows: 40, cellBits: 2, converterBits: 8 };
  const vector = draw(100, 3, 2);
  programCrossbar(matrix, 3, shape, (sum) => sums.push(sum))(vector);
  assertEquals(sums.length, 5 * 3 * 2 * 3);
  // All sums of the lowest slice and bit together: the low two bits of the weights where the input is odd.
  const low = matrix.data.reduce(
    (total, value, i) => vector[i % 100]! & 1 ? total + ((value + 8) & 3) : total,
    0,
  );
  assertEquals(sums.filter((_, i) => i % 6 === 0).reduce((total, sum) => total + sum, 0), low);
});

Deno.test("a converter that is fitted to the sums that occur needs a bit less, and cuts off what is larger", () => {
  const ones = (count: number) => Int32Array.from({ length: 64 }, (_, i) => i < count ? 1 : 0);
  const matrix = { rows: 1, columns: 64, bits: 2, data: ones(64) };
  const fitted = { rows: 64, converterBits: 5, largestSum: 31 };
  const multiply = programCrossbar(matrix, 2, fitted);
  assertEquals(converterBits({ rows: 64 }), 7);
  assertEquals([...multiply(ones(31))], [31]);
  // Cells hold 1 + 2 = 0b11: both planes sum to 40 and are read as 31.
  assertEquals([...multiply(ones(40))], [31 + 2 * 31 - 2 * 40]);
  assertEquals(multiply(ones(40)), crossbarProducts(matrix, ones(40), 2, fitted));
});

Deno.test("programCrossbar() refuses cells that deviate, vectors of another length, and sizes that are none", () => {
  const matrix = { rows: 1, columns: 4, bits: 4, data: Int32Array.of(1, 2, 3, 4) };
  const crossbar = { rows: 4, converterBits: 4 };
  assertThrows(
    () => programCrossbar(matrix, 4, { ...crossbar, noise: { deviation: 0.1, random: seeded(1) } }),
    RangeError,
    "keep what is written: current deviation is 0.1",
  );
  assertThrows(() => programCrossbar(matrix, 4, crossbar)(Int32Array.of(1)), TypeError, "is 1");
  assertThrows(() => programCrossbar(matrix, 0, crossbar), RangeError, "inputBits");
  assertThrows(
    () => programCrossbar(matrix, 4, { ...crossbar, largestSum: 0 }),
    RangeError,
    "largestSum",
  );
});
