import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  blockMasses,
  chosenMass,
  massRecall,
  softmaxWeights,
  topIndices,
} from "@fewer-bytes/attention";
import fc from "fast-check";
import { randomAttention } from "./support.ts";

Deno.test("no choice of so many tokens holds more mass than the oracle's", () => {
  const weights = softmaxWeights(randomAttention(1, 12)).row(0);
  fc.assert(fc.property(fc.uniqueArray(fc.nat(11), { minLength: 1 }), (chosen) => {
    const recall = massRecall(weights, chosen);
    assert(recall > 0 && recall <= 1 + 1e-12);
    assertAlmostEquals(
      recall,
      chosenMass(weights, chosen) / chosenMass(weights, topIndices(weights, chosen.length)),
    );
  }));
  assertEquals(massRecall(weights, topIndices(weights, 5)), 1);
  assertEquals(massRecall(weights, []), 1);
});

Deno.test("blockMasses() shares out a row of 1 for each query", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 6 }), (n, blockSize) => {
      const weights = softmaxWeights(randomAttention(n, n), { causal: true });
      const masses = blockMasses(weights, blockSize);
      masses.toRows().forEach((row, block) => {
        const queries = Math.min(n, (block + 1) * blockSize) - block * blockSize;
        assertAlmostEquals(row.reduce((sum, mass) => sum + mass, 0), queries, 1e-9);
        assert(row.every((mass, key) => mass === 0 || key <= block));
      });
    }),
  );
});

Deno.test("places beyond the tokens are refused", () => {
  assertThrows(() => chosenMass([1], [1]), RangeError, "below 1: current value is 1");
});
