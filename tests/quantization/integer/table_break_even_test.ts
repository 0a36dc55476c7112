import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  lookupTableMultiply,
  tableBreakEven,
  tableBreakEvenFormula,
  toBitPlanes,
} from "@fewer-bytes/quantization";

Deno.test("tableBreakEven() is the first number of rows for which counted additions are no more than without tables", () => {
  const columns = 24;
  for (const group of [2, 3, 4, 6, 8]) {
    for (const bits of [1, 2, 3, 4]) {
      const additions = (rows: number) => {
        const counted = lookupTableMultiply(
          { rows: 1, columns, data: new Array(columns).fill(1) },
          toBitPlanes(new Array(rows * columns).fill(1), columns, bits, "unsigned"),
          group,
        );
        return counted.tableAdditions + counted.tableReads;
      };
      const shiftAndAdd = (rows: number) => rows * columns * bits; // one addition for each bit of each number
      const rows = tableBreakEven(group, bits);
      assert(additions(rows) <= shiftAndAdd(rows), `${group} ${bits} ${rows}`);
      if (rows > 1) assert(additions(rows - 1) > shiftAndAdd(rows - 1), `${group} ${bits} ${rows}`);
    }
  }
});

Deno.test("tableBreakEven() computes the printed formula where tables save anything", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 12 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 16 }),
      (group, bits, cost) => {
        const rows = tableBreakEven(group, bits, cost);
        if (cost * group > bits) {
          assertEquals(rows, tableBreakEvenFormula.evaluate({ group, bits, cost }));
        } else assertEquals(rows, Infinity);
      },
    ),
  );
});

Deno.test("tableBreakEven() refuses groups, bits and costs that are none", () => {
  assertThrows(() => tableBreakEven(0, 4), RangeError, "the group");
  assertThrows(() => tableBreakEven(4, 0.5), RangeError, "bits");
  assertThrows(() => tableBreakEven(4, 4, 0), RangeError, "the cost");
});
