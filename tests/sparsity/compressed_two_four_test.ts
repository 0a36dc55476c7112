import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  applyMask,
  compressTwoFour,
  expandTwoFour,
  magnitudeMask,
  twoFourBytesPerValue,
  twoOfFour,
} from "@fewer-bytes/sparsity";

/** Matrices at 2:4 whose values are 0 here and there, so that groups hold 0, 1 or 2 of them. */
const someSparse = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 })).chain(
  ([rows, groups]) =>
    fc.array(fc.integer({ min: -2, max: 2 }), {
      minLength: 4 * rows * groups,
      maxLength: 4 * rows * groups,
    }).map((values) => {
      const dense = new Matrix(rows, 4 * groups, Float32Array.from(values));
      return applyMask(dense, magnitudeMask(dense, twoOfFour));
    }),
);

Deno.test("expandTwoFour() gives back what compressTwoFour() packed", () => {
  fc.assert(fc.property(someSparse, (matrix) => {
    assertEquals(expandTwoFour(compressTwoFour(matrix)).toRows(), matrix.toRows());
  }));
});

Deno.test("compressTwoFour() gives back what expandTwoFour() unpacked: one code for each matrix", () => {
  const pairs = [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]] as const;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pairs), { minLength: 2, maxLength: 2 }), (places) => {
      const compressed = {
        rows: 1,
        columns: 8,
        values: Float32Array.of(1, 2, 3, 4),
        indices: Uint8Array.of(
          places.flat().reduce<number>((byte, place, i) => byte | place << 2 * i, 0),
        ),
      };
      assertEquals(compressTwoFour(expandTwoFour(compressed)), compressed);
    }),
  );
});

Deno.test("compressTwoFour() takes the bytes that the formula says, 9/16 of dense at 16 bits", () => {
  const matrix = Matrix.zeros(32, 64);
  const { values, indices } = compressTwoFour(matrix);
  assertEquals(2 * values.length + indices.length, 32 * 64 * 2 * 9 / 16);
  assertEquals(2 * values.length + indices.length, 32 * 64 * twoFourBytesPerValue("bf16"));
});

Deno.test("compressTwoFour() keeps indices in ascending pairs, as the hardware wants them", () => {
  const random = seeded(1);
  const dense = Matrix.zeros(8, 16).map(() => random.integer(3));
  const { indices } = compressTwoFour(applyMask(dense, magnitudeMask(dense, twoOfFour)));
  for (const byte of indices) {
    const [a, b, c, d] = [0, 2, 4, 6].map((shift) => byte >> shift & 3);
    assertEquals([a! < b!, c! < d!], [true, true]);
  }
});

Deno.test("compressTwoFour() refuses three of four, and rows that four does not divide", () => {
  assertThrows(() => compressTwoFour(Matrix.from([[1, 2, 0, 3]])), RangeError, "group 0 holds 3");
  assertThrows(() => compressTwoFour(Matrix.from([[1, 0]])), RangeError, "current value is 2");
});
