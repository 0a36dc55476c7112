import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  bestDraftLength,
  operationsFactor,
  operationsFactorFormula,
  parallelSpeedupFormula,
  speculativeSpeedup,
  speculativeSpeedupFormula,
} from "@fewer-bytes/decoding";
import fc from "fast-check";

const rounds = fc.record({
  acceptance: fc.double({ min: 0, max: 0.999, noNaN: true }),
  draftLength: fc.nat(12),
  draftCost: fc.double({ min: 0, max: 2, noNaN: true }),
});

Deno.test("gains and prices are the printed formulas", () => {
  fc.assert(fc.property(rounds, (round) => {
    const values = { a: round.acceptance, g: round.draftLength, c: round.draftCost };
    assertAlmostEquals(
      speculativeSpeedup(round),
      speculativeSpeedupFormula.evaluate(values),
      1e-9,
    );
    assertAlmostEquals(
      speculativeSpeedup({ ...round, draftPasses: 1 }),
      parallelSpeedupFormula.evaluate(values),
      1e-9,
    );
    assertAlmostEquals(operationsFactor(round), operationsFactorFormula.evaluate(values), 1e-9);
  }));
});

Deno.test("operationsFactor() gives the figures of the paper", () => {
  // Leviathan et al. (2023), table 1, at a draft that costs nothing.
  for (
    const [acceptance, draftLength, factor] of [[0.6, 2, 1.53], [0.7, 3, 1.58], [0.8, 5, 1.63], [
      0.9,
      10,
      1.60,
    ]] as const
  ) {
    assertAlmostEquals(
      operationsFactor({ acceptance, draftLength, draftCost: 0 }),
      factor,
      0.006,
    );
  }
});

Deno.test("bestDraftLength() is the best of all lengths", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (acceptance, draftCost) => {
        const gains = Array.from(
          { length: 65 },
          (_, draftLength) => speculativeSpeedup({ acceptance, draftLength, draftCost }),
        );
        assertAlmostEquals(
          gains[bestDraftLength(acceptance, draftCost)]!,
          Math.max(...gains),
          1e-9,
        );
      },
    ),
  );
});

Deno.test("drafting pays exactly when the acceptance is above the cost", () => {
  // Leviathan et al. (2023), corollary 3.9.
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }), (a, c) => {
      fc.pre(a !== c);
      assertEquals(bestDraftLength(a / 100, c / 100) > 0, a > c);
    }),
  );
});

Deno.test("costs below nothing are refused", () => {
  const round = { acceptance: 0.5, draftLength: 2, draftCost: -1 };
  assertThrows(() => speculativeSpeedup(round), RangeError, "the draft's cost");
  assertThrows(() => operationsFactor(round), RangeError, "the draft's cost");
  assertThrows(() => bestDraftLength(0.5, 0.1, -1), RangeError, "the longest");
});
