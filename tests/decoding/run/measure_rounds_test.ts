import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  measureRounds,
  modelDrafter,
  type Round,
  speculate,
  tokensPerRound,
} from "@fewer-bytes/decoding";
import { loadModel, writeStory } from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";

/** Rounds whose drafts are each accepted with the same chance. */
function play(acceptance: number, draftLength: number, rounds: number): Round[] {
  const random = seeded(6);
  return Array.from({ length: rounds }, () => {
    let accepted = 0;
    while (accepted < draftLength && random.uniform() < acceptance) accepted++;
    return {
      tokens: new Array(accepted + 1).fill(0),
      drafted: draftLength,
      accepted,
      chances: new Array(Math.min(draftLength, accepted + 1)).fill(acceptance),
    };
  });
}

Deno.test("measureRounds() finds the formula where its assumption holds", () => {
  const measured = measureRounds(play(0.7, 4, 20_000), 4);
  assertAlmostEquals(measured.acceptance, 0.7, 0.01);
  assertAlmostEquals(measured.expectedAcceptance, 0.7, 1e-9);
  assertAlmostEquals(measured.tokens, measured.formulaTokens, 0.03);
  assertAlmostEquals(measured.variance, tokensPerRound([0.7, 0.7, 0.7, 0.7]).variance, 0.05);
});

Deno.test("acceptances by place give the counted mean and variance exactly", () => {
  const { acceptances, tokens, variance } = measureRounds(play(0.6, 5, 500), 5);
  const expected = tokensPerRound(acceptances);
  assertAlmostEquals(expected.mean, tokens, 1e-9);
  assertAlmostEquals(expected.variance, variance, 1e-9);
});

Deno.test("on the course's models, acceptance is one minus the distance of their laws, and tokens come near the formula", async () => {
  const [target, draft] = await Promise.all([loadModel("target"), loadModel("draft")]);
  const rounds = [
    ...speculate(target, modelDrafter(draft), writeStory(3, 48).tokens, 250, seeded(1), {
      draftLength: 3,
    }),
  ];
  const { acceptance, expectedAcceptance, tokens, formulaTokens } = measureRounds(rounds, 3);
  assert(expectedAcceptance > 0.6 && expectedAcceptance < 0.95);
  assertAlmostEquals(acceptance, expectedAcceptance, 0.12); // four deviations of some 200 drafts
  assertAlmostEquals(tokens / formulaTokens, 1, 0.2);
  assert(tokens > 2, "more than two tokens a pass");
});

Deno.test("measureRounds() needs drafts", () => {
  assertThrows(() => measureRounds([], 2), RangeError, "judged drafts");
  const [round] = play(1, 1, 1);
  assertEquals(measureRounds([round!], 1).acceptances, [1]);
});
