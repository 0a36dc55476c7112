import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { evenChances, pickChances, popularChances } from "@fewer-bytes/experts";
import { zipfShares } from "@fewer-bytes/paging";

const layer = { experts: 32, expertsPerToken: 4 };

Deno.test("popularChances() are even by default, and Zipf's by an exponent", () => {
  assertEquals(popularChances(layer), evenChances(32, 4));
  const chances = pickChances(zipfShares(32, 1.3), 4);
  popularChances(layer, 1.3).forEach((chance, at) => assertAlmostEquals(chance, chances[at]!));
  assertThrows(() => popularChances(layer, -1), RangeError, "the exponent");
});

Deno.test("popularChances() are the caller's own, to change as he likes", () => {
  popularChances(layer, 1).fill(7);
  assertAlmostEquals(popularChances(layer, 1).reduce((a, b) => a + b, 0), 4, 1e-9);
});
