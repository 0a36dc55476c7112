import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  logSumExpFormula,
  recomputationFormula,
  recomputationSavings,
  storedWeightsFormula,
} from "@fewer-bytes/attention";

Deno.test("the printed formulas compute what recomputationSavings() does", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e5 }),
      fc.integer({ min: 1, max: 256 }),
      (length, width) => {
        const values = { length, width, bytes: 2 };
        const { storedWeights, logSumExp, extraFlops } = recomputationSavings(length, width);
        assertEquals(storedWeightsFormula.evaluate(values), storedWeights);
        assertEquals(logSumExpFormula.evaluate(values), logSumExp);
        assertEquals(recomputationFormula.evaluate(values), extraFlops);
      },
    ),
  );
});

Deno.test("recomputationSavings() of twice the tokens: four times the weights, twice the log-sum-exps", () => {
  const [one, two] = [1024, 2048].map((length) => recomputationSavings(length, 64));
  assertEquals(two!.storedWeights / one!.storedWeights, 4);
  assertEquals(two!.logSumExp / one!.logSumExp, 2);
  assertThrows(() => recomputationSavings(0, 64), RangeError, "number of tokens");
});
