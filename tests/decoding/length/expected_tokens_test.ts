import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  expectedTokens,
  expectedTokensFormula,
  tokensPerRound,
  tokensVariance,
} from "@fewer-bytes/decoding";
import { seeded } from "@fewer-bytes/numeric";
import fc from "fast-check";
import { chances } from "../support.ts";

Deno.test("expectedTokens() is the printed formula", () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(20), (a, g) => {
    assertAlmostEquals(expectedTokens(a, g), expectedTokensFormula.evaluate({ a, g }), 1e-9);
  }));
});

Deno.test("expectedTokens() tends to one more than were drafted", () => {
  assertEquals(expectedTokens(1, 7), 8);
  assertAlmostEquals(expectedTokens(1 - 1e-9, 7), 8, 1e-6);
  assertEquals([expectedTokens(0, 7), expectedTokens(0.5, 0)], [1, 1]);
});

Deno.test("expectedTokens() gives the figures of the paper", () => {
  // Leviathan et al. (2023), table 1: operations and speedups at c = 0, where the speedup is the number of tokens.
  for (
    const [a, g, tokens] of [[0.6, 2, 1.96], [0.7, 3, 2.53], [0.8, 2, 2.44], [0.8, 5, 3.69], [
      0.9,
      2,
      2.71,
    ], [0.9, 10, 6.86]] as const
  ) {
    assertAlmostEquals(expectedTokens(a, g), tokens, 0.005);
  }
});

Deno.test("tokensPerRound() agrees with rounds that are played, in mean and variance", () => {
  const random = seeded(2);
  const acceptances = [0.9, 0.5, 0.8, 0.3];
  const rounds = Array.from({ length: 100_000 }, () => {
    let tokens = 1;
    while (tokens <= 4 && random.uniform() < acceptances[tokens - 1]!) tokens++;
    return tokens;
  });
  const mean = rounds.reduce((sum, tokens) => sum + tokens, 0) / rounds.length;
  const { mean: expected, variance, chances } = tokensPerRound(acceptances);
  assertAlmostEquals(mean, expected, 0.02);
  assertAlmostEquals(
    rounds.reduce((sum, tokens) => sum + (tokens - mean) ** 2, 0) / rounds.length,
    variance,
    0.03,
  );
  chances.forEach((chance, index) =>
    assertAlmostEquals(
      rounds.filter((tokens) => tokens === index + 1).length / rounds.length,
      chance,
      0.01,
    )
  );
});

Deno.test("tokensVariance() is the closed form of a geometric law that is cut off", () => {
  // Sum of squares by parts: E[N²] = Σ (2k + 1) a^k for k = 0..g.
  fc.assert(fc.property(chances, fc.nat(12), (a, g) => {
    let square = 0;
    for (let k = 0; k <= g; k++) square += (2 * k + 1) * a ** k;
    assertAlmostEquals(tokensVariance(a, g), square - expectedTokens(a, g) ** 2, 1e-9);
  }));
  assertEquals([tokensVariance(1, 5), tokensVariance(0, 5)], [0, 0]);
});

Deno.test("what is no chance is refused", () => {
  assertThrows(() => expectedTokens(1.1, 4), RangeError, "must be <= 1: current value is 1.1");
  assertThrows(() => expectedTokens(NaN, 4), RangeError, "the acceptance");
  assertThrows(() => expectedTokens(0.5, 1.5), RangeError, "the draft length");
  assertThrows(() => tokensPerRound([0.5, -1]), RangeError, "the acceptance");
});
