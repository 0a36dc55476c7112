import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { converterBits, converterDeviation, converterErrorFormula } from "@fewer-bytes/pim";
import fc from "fast-check";

Deno.test("converterDeviation() is its printed formula, with closed forms for the sums of powers", () => {
  const small = (max: number) => fc.integer({ min: 1, max });
  fc.assert(
    fc.property(small(8), small(2), small(3), small(5), (inputBits, cellBits, bits, arrays) => {
      const rows = 128, weightBits = 4 * cellBits;
      const found = converterDeviation(arrays * rows, bits, { rows, cellBits }, {
        weightBits,
        inputBits,
      });
      const printed = converterErrorFormula.evaluate({
        step: rows * (2 ** cellBits - 1) / (2 ** bits - 1),
        arrays,
        weights: (4 ** (4 * cellBits) - 1) / (4 ** cellBits - 1),
        inputs: (4 ** inputBits - 1) / 3,
      });
      assertAlmostEquals(found, printed, 1e-9 * printed);
    }),
  );
});

Deno.test("converterDeviation() is 0 exactly from converterBits() on", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 300 }),
      fc.integer({ min: 1, max: 3 }),
      (rows, cellBits) => {
        const at = (bits: number) =>
          converterDeviation(1000, bits, { rows, cellBits }, { weightBits: 6, inputBits: 4 });
        const enough = converterBits({ rows, cellBits });
        assertEquals(at(enough), 0);
        if (enough > 1) assert(at(enough - 1) > 0);
      },
    ),
  );
  assertThrows(
    () => converterDeviation(0, 1, { rows: 1 }, { weightBits: 1, inputBits: 1 }),
    RangeError,
    "columns",
  );
});
