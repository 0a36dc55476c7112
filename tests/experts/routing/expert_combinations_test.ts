import { assertEquals, assertThrows } from "@std/assert";
import { expertCombinations } from "@fewer-bytes/experts";

Deno.test("expertCombinations() is Pascal's triangle", () => {
  let row = [1n];
  for (let experts = 1; experts <= 40; experts++) {
    row = [1n, ...row.slice(1).map((value, at) => value + row[at]!), 1n];
    for (let k = 1; k <= experts; k++) assertEquals(expertCombinations(experts, k), row[k]);
  }
});

Deno.test("expertCombinations() gives DeepSeekMoE's published numbers, and refuses too many", () => {
  assertEquals(expertCombinations(16, 2), 120n);
  assertEquals(expertCombinations(64, 8), 4_426_165_368n);
  assertThrows(() => expertCombinations(4, 5), RangeError, "count combinations");
});
