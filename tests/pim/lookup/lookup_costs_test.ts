import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { bestGroup, lookupAdditions, lookupCostFormula, shiftAddAdditions } from "@fewer-bytes/pim";
import fc from "fast-check";

const whole = (max: number) => fc.integer({ min: 1, max });

Deno.test("lookupAdditions() is its printed formula where tables are full", () => {
  fc.assert(fc.property(whole(100), whole(20), whole(8), whole(8), (rows, tables, bits, group) => {
    const n = tables * group;
    const printed = lookupCostFormula.evaluate({ n, g: group, m: rows, b: bits });
    assertAlmostEquals(lookupAdditions({ rows, columns: n, bits, group }), printed, 1e-9 * printed);
  }));
});

Deno.test("tables of one are shift and add; tables of g never save more than a factor of g", () => {
  fc.assert(
    fc.property(whole(100), whole(100), whole(8), whole(8), (rows, columns, bits, group) => {
      const plain = shiftAddAdditions({ rows, columns, bits });
      assertEquals(lookupAdditions({ rows, columns, bits, group: 1 }), plain);
      assert(lookupAdditions({ rows, columns, bits, group }) >= plain / group - 1e-9);
    }),
  );
});

Deno.test("bestGroup() is the best of all, 2 for one row and 11 for a layer", () => {
  assertEquals(bestGroup({ rows: 1, columns: 4096, bits: 4 }), 2);
  assertEquals(bestGroup({ rows: 4096, columns: 4096, bits: 4 }), 11);
  fc.assert(
    fc.property(whole(500), whole(200), whole(8), whole(12), (rows, columns, bits, other) => {
      const cost = (group: number) => lookupAdditions({ rows, columns, bits, group });
      assert(cost(bestGroup({ rows, columns, bits })) <= cost(other));
    }),
  );
});

Deno.test("sizes that are none are refused", () => {
  assertThrows(
    () => lookupAdditions({ rows: 0, columns: 1, bits: 1, group: 1 }),
    RangeError,
    "rows",
  );
  assertThrows(() => bestGroup({ rows: 1, columns: 1, bits: 1 }, 0), RangeError, "largest group");
});
