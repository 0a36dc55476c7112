import { assertEquals, assertLess, assertLessOrEqual, assertThrows } from "@std/assert";
import { Matrix } from "@fewer-bytes/numeric";
import { inputStatistics, roundClipped, roundToNearest } from "@fewer-bytes/quantization";
import { mixedActivations, randomMatrix } from "./support.ts";

/** The error of one group's own part of the output, token by token. */
function groupError(
  x: Matrix<Float32Array>,
  a: Matrix,
  b: Matrix,
  row: number,
  start: number,
  size: number,
) {
  return x.toRows().reduce((sum, token) => {
    let output = 0;
    for (let i = start; i < start + size; i++) {
      output += token[i]! * (a.get(row, i) - b.get(row, i));
    }
    return sum + output ** 2;
  }, 0);
}

Deno.test("roundClipped() is never worse than no clip in any group, and better in some", () => {
  const matrix = randomMatrix(1, 4, 48);
  const x = mixedActivations(2, 40, 48);
  for (const symmetric of [true, false]) {
    const grid = { bits: 3, groupSize: 16, symmetric };
    const [clipped, plain] = [
      roundClipped(matrix, inputStatistics(x).gram, grid),
      roundToNearest(matrix, grid),
    ];
    let better = 0;
    for (let row = 0; row < 4; row++) {
      for (let start = 0; start < 48; start += 16) {
        const [ours, theirs] = [clipped, plain].map((m) =>
          groupError(x, matrix, m, row, start, 16)
        );
        assertLessOrEqual(ours!, theirs! * (1 + 1e-6));
        if (ours! < 0.9 * theirs!) better++;
      }
    }
    assertLess(0, better);
  }
});

Deno.test("roundClipped() finds the best of the ten clips for each group, tried one by one", () => {
  const matrix = randomMatrix(3, 3, 16);
  const x = mixedActivations(4, 30, 16);
  const clipped = roundClipped(matrix, inputStatistics(x).gram, { bits: 2, groupSize: 8 });
  for (let row = 0; row < 3; row++) {
    for (const start of [0, 8]) {
      const errors = Array.from({ length: 10 }, (_, step) => {
        const rounded = roundToNearest(matrix, { bits: 2, groupSize: 8, clip: 1 - step / 20 });
        return groupError(x, matrix, rounded, row, start, 8);
      });
      const ours = groupError(x, matrix, clipped, row, start, 8);
      assertLess(Math.abs(ours - Math.min(...errors)), 1e-4 * Math.min(...errors));
    }
  }
});

Deno.test("roundClipped() without any inputs is rounding to nearest, and wrong shapes are refused", () => {
  const matrix = randomMatrix(1, 2, 8);
  const nothing = new Matrix(8, 8, new Float64Array(64));
  assertEquals(
    roundClipped(matrix, nothing, { bits: 4 }).data,
    roundToNearest(matrix, { bits: 4 }).data,
  );
  assertThrows(
    () => roundClipped(matrix, new Matrix(1, 1, new Float64Array(1)), { bits: 4 }),
    TypeError,
    "must be 8 x 8",
  );
  assertThrows(
    () => roundClipped(matrix, nothing, { bits: 4, groupSize: "tensor" }),
    RangeError,
    "shared within a row",
  );
});
