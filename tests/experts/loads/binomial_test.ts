import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { expertCombinations } from "@fewer-bytes/experts";
import { binomialMass, sumOverLoads } from "../../../lib/experts/loads/binomial.ts";

Deno.test("binomialMass() is the binomial formula", () => {
  for (const chance of [0.01, 0.3, 0.5, 0.97]) {
    binomialMass(12, chance).forEach((mass, count) => {
      const ways = count === 0 ? 1 : Number(expertCombinations(12, count));
      assertAlmostEquals(mass, ways * chance ** count * (1 - chance) ** (12 - count), 1e-14);
    });
  }
  assertEquals([...binomialMass(3, 0)], [1, 0, 0, 0]);
  assertEquals([...binomialMass(3, 1)], [0, 0, 0, 1]);
});

Deno.test("binomialMass() has the mean and the variance of the law, also for very many tokens", () => {
  for (const [tokens, chance] of [[100, 0.9], [50_000, 0.03], [100_000, 1e-6]] as const) {
    const mass = binomialMass(tokens, chance);
    assert(mass.every(Number.isFinite));
    const mean = mass.reduce((sum, value, load) => sum + value * load, 0);
    const spread = mass.reduce((sum, value, load) => sum + value * (load - mean) ** 2, 0);
    assertAlmostEquals(mean / (tokens * chance), 1, 1e-9);
    assertAlmostEquals(spread / (tokens * chance * (1 - chance)), 1, 1e-9);
  }
});

Deno.test("sumOverLoads() adds up experts, and refuses chances that are none", () => {
  assertAlmostEquals(sumOverLoads([0.5, 0.5, 0.25], 40, (load) => load), 50, 1e-9);
  assertThrows(() => sumOverLoads([1.5], 4, (load) => load), RangeError, "from 0 to 1");
  assertThrows(() => binomialMass(1.5, 0.5), RangeError, "the tokens");
});
