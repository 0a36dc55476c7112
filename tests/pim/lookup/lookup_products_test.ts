import { assertEquals, assertThrows } from "@std/assert";
import {
  type IntegerMatrix,
  lookupAdditions,
  lookupProducts,
  repeatedShare,
} from "@fewer-bytes/pim";
import { seeded } from "@fewer-bytes/numeric";
import { patternOf } from "../../../lib/pim/lookup/lookup_products.ts";
import fc from "fast-check";

function randomMatrix(rows: number, columns: number, bits: number, seed: number): IntegerMatrix {
  const random = seeded(seed);
  const data = Int32Array.from(
    { length: rows * columns },
    () => random.integer(2 ** bits) - 2 ** (bits - 1),
  );
  return { rows, columns, bits, data };
}

function multiply({ rows, columns, data }: IntegerMatrix, vector: Int32Array): number[] {
  return Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < columns; column++) {
      sum += data[row * columns + column]! * vector[column]!;
    }
    return sum;
  });
}

const size = fc.record({
  rows: fc.integer({ min: 1, max: 6 }),
  columns: fc.integer({ min: 1, max: 25 }),
  bits: fc.integer({ min: 1, max: 12 }),
  group: fc.integer({ min: 1, max: 7 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

Deno.test("lookupProducts() equals multiplication, for any number of bits and any size of table", () => {
  fc.assert(fc.property(size, ({ rows, columns, bits, group, seed }) => {
    const matrix = randomMatrix(rows, columns, bits, seed);
    const vector = randomMatrix(1, columns, 10, seed + 1).data;
    assertEquals([...lookupProducts(matrix, vector, group).products], multiply(matrix, vector));
  }));
});

Deno.test("SAIL's way around, tables of weights and bits of activations, gives the same", () => {
  const weights = randomMatrix(1, 64, 4, 1).data;
  const activations = randomMatrix(8, 64, 8, 2); // a batch of eight
  assertEquals(
    [...lookupProducts(activations, weights, 4).products],
    multiply(activations, weights),
  );
});

Deno.test("lookupProducts() does as many additions as lookupAdditions() counts, and no multiplication", () => {
  fc.assert(fc.property(size, ({ rows, columns, bits, group, seed }) => {
    const matrix = randomMatrix(rows, columns, bits, seed);
    const { counts } = lookupProducts(matrix, new Int32Array(columns), group);
    assertEquals(
      counts.tableAdditions + counts.lookups,
      lookupAdditions({ rows, columns, bits, group }),
    );
  }));
});

Deno.test("patternOf() takes one bit of each number, two's complement included", () => {
  const data = Int32Array.of(0b01, 0b10, -1, 0);
  assertEquals([0, 1].map((bit) => patternOf(data, 0, 4, bit)), [0b0101, 0b0110]);
  assertEquals(repeatedShare(4, 1), 0);
});

Deno.test("lookupProducts() refuses numbers that do not fit, and vectors of another length", () => {
  const matrix = { rows: 1, columns: 2, bits: 4, data: Int32Array.of(8, 0) };
  assertThrows(() => lookupProducts(matrix, Int32Array.of(1, 1), 2), RangeError, "-8 to 7");
  const good = { ...matrix, data: Int32Array.of(7, -8) };
  assertThrows(() => lookupProducts(good, Int32Array.of(1), 2), TypeError, "as long as a row, 2");
  assertThrows(() => lookupProducts(good, Int32Array.of(1, 1), 13), RangeError, "group <= 12");
  assertThrows(() => lookupProducts(good, Int32Array.of(1, 1), 0), RangeError, "group");
});
