import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { acceptance, chiSquare, couple, draw, lawsAlong, residual } from "@fewer-bytes/decoding";
import { loadModel, writeStory } from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import fc from "fast-check";
import { lawPairs } from "../support.ts";

/** Couples drafts, and counts what comes out and how many were accepted. */
function simulate(
  target: ArrayLike<number>,
  draft: ArrayLike<number>,
  draws: number,
  seed: number,
) {
  const random = seeded(seed);
  const counts = new Float64Array(target.length);
  let accepted = 0;
  for (let n = 0; n < draws; n++) {
    const coupled = couple(draw(draft, random), target, draft, random);
    counts[coupled.token]!++;
    if (coupled.accepted) accepted++;
  }
  return { counts, accepted: accepted / draws };
}

Deno.test("couple() gives tokens of the target's law, and keeps the draft with the chance of acceptance()", () => {
  fc.assert(
    fc.property(lawPairs, fc.integer({ min: 0, max: 2 ** 32 - 1 }), ([target, draft], seed) => {
      const { counts, accepted } = simulate(target, draft, 4000, seed);
      const a = acceptance(target, draft);
      assert(Math.abs(accepted - a) <= 6 * Math.sqrt(a * (1 - a) / 4000) + 1e-9);
      if (target.filter((p) => p > 0).length > 1) assert(chiSquare(counts, target).chance > 1e-7);
      else assertEquals(counts[target.indexOf(1)], 4000);
    }),
    { numRuns: 30 },
  );
});

Deno.test("couple() keeps the law of the course's target in 100,000 drafts of the course's draft", async () => {
  const [target, draft] = await Promise.all([loadModel("target"), loadModel("draft")]);
  const text = writeStory(1, 48).tokens;
  const [wanted, drafted] = [target, draft].map((model) => lawsAlong({ model }, text));
  // A place where they disagree about as much as anywhere, and the text could go on in many ways.
  const places = wanted!.map((law, place) => ({ law, guess: drafted![place]! }))
    .filter(({ law }) => law.filter((p) => p > 1e-3).length >= 8);
  const { law, guess } = places.reduce((a, b) =>
    acceptance(a.law, a.guess) < acceptance(b.law, b.guess) ? a : b
  );
  const { counts, accepted } = simulate(law, guess, 100_000, 7);
  assert(chiSquare(counts, law).chance > 1e-4);
  assert(chiSquare(counts, guess).chance < 1e-9, "the test tells the two laws apart");
  assertAlmostEquals(accepted, acceptance(law, guess), 0.01);
});

Deno.test("residual() is what the target has left after the draft gave what it could", () => {
  fc.assert(fc.property(lawPairs, ([target, draft]) => {
    const rest = residual(target, draft);
    const refused = 1 - acceptance(target, draft);
    if (refused < 1e-9) return;
    target.forEach((p, token) =>
      assertAlmostEquals(rest[token]! * refused, p - Math.min(p, draft[token]!), 1e-12)
    );
  }));
});

Deno.test("residual() of equal laws is that law, as nothing is ever refused", () => {
  assertEquals([...residual([0.25, 0.75], [0.25, 0.75])], [0.25, 0.75]);
});

Deno.test("couple() refuses a token that the draft cannot have given", () => {
  assertThrows(
    () => couple(0, [0.5, 0.5], [0, 1], seeded(1)),
    RangeError,
    "current value is 0 for token 0",
  );
  assertThrows(() => couple(2, [0.5, 0.5], [0, 1], seeded(1)), RangeError, "undefined for token 2");
});
