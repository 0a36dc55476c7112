import { assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import { distinctExpertsFormula, expectedDistinctExperts } from "@fewer-bytes/transformer";

Deno.test("expectedDistinctExperts() agrees with routing at random, within five standard errors", () => {
  const random = seeded(11);
  for (
    const [experts, perToken, tokens] of [[8, 2, 1], [8, 2, 3], [128, 8, 16], [32, 4, 64]] as const
  ) {
    const trials = 4000;
    let sum = 0, squares = 0;
    for (let trial = 0; trial < trials; trial++) {
      const picked = new Set<number>();
      for (let token = 0; token < tokens; token++) {
        for (
          const expert of random.shuffle(Array.from({ length: experts }, (_, index) => index))
            .slice(0, perToken)
        ) {
          picked.add(expert);
        }
      }
      sum += picked.size;
      squares += picked.size ** 2;
    }
    const mean = sum / trials;
    const error = Math.sqrt(Math.max(squares / trials - mean ** 2, 0) / trials);
    assertAlmostEquals(expectedDistinctExperts(experts, perToken, tokens), mean, 5 * error + 1e-9);
  }
});

Deno.test("expectedDistinctExperts() is k for one token and nearly all for a batch of 64 on Mixtral", () => {
  assertAlmostEquals(expectedDistinctExperts(8, 2, 1), 2);
  assertGreater(expectedDistinctExperts(8, 2, 64), 7.9999);
  assertEquals(expectedDistinctExperts(8, 8, 1), 8);
  assertEquals([expectedDistinctExperts(8, 2, 0), expectedDistinctExperts(8, 8, 0)], [0, 0]);
});

Deno.test("expectedDistinctExperts() refuses more picks than experts", () => {
  assertThrows(() => expectedDistinctExperts(4, 5, 1), RangeError, "expertsPerToken must be <= 4");
});

Deno.test("expectedDistinctExperts() computes the printed formula", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 512 }),
      fc.integer({ min: 1, max: 512 }),
      fc.integer({ min: 1, max: 5000 }),
      (a, b, T) => {
        const [E, k] = [Math.max(a, b), Math.min(a, b)];
        assertAlmostEquals(
          expectedDistinctExperts(E, k, T),
          distinctExpertsFormula.evaluate({ E, k, T }),
          1e-9 * E,
        );
      },
    ),
  );
});
