import { assertEquals, assertThrows } from "@std/assert";
import { binomialForwards, fastestOfAll, uniformChain } from "@fewer-bytes/training";

Deno.test("two and three stages, by hand", () => {
  const stage = { forward: 2, backward: 3, input: 1, tape: 1 };
  assertEquals(fastestOfAll(uniformChain(2, stage), 2), 10); // both tapes are kept
  assertEquals(fastestOfAll(uniformChain(3, stage), 2), 19); // the first two are computed once more
  assertEquals(fastestOfAll(uniformChain(2, stage), 1), Infinity); // an input and a tape of the second are two
});

Deno.test("with slots for states it finds the binomial optimum of Griewank and Walther", () => {
  for (const [steps, states] of [[4, 2], [5, 2], [6, 3]] as const) {
    const chain = uniformChain(steps, { forward: 1, backward: 0, input: 1 });
    assertEquals(fastestOfAll(chain, states - 1), binomialForwards(steps, states) + steps);
  }
});

Deno.test("chains that are too long to try, and budgets that are none, are refused", () => {
  assertThrows(() => fastestOfAll(uniformChain(9), 3), RangeError, "<= 8 stages");
  assertThrows(() => fastestOfAll(uniformChain(2), NaN), RangeError, "the budget");
  assertThrows(() => fastestOfAll([], 1), RangeError, "must have a stage");
});
