import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { acceptance, candidateLaw, chiSquare, coupleCandidates } from "@fewer-bytes/decoding";
import { seeded } from "@fewer-bytes/numeric";
import fc from "fast-check";
import { lawPairs } from "../support.ts";

const options = fc.record({ count: fc.integer({ min: 1, max: 3 }), replacement: fc.boolean() });

Deno.test("several candidates keep the target's law, drawn with replacement or without", () => {
  fc.assert(fc.property(lawPairs, options, ([target, draft], how) => {
    const { law } = candidateLaw(target, draft, how);
    law.forEach((chance, token) => assertAlmostEquals(chance, target[token]!, 1e-12));
  }));
});

Deno.test("the first candidate is accepted as a lone one is, and a second only adds", () => {
  fc.assert(fc.property(lawPairs, ([target, draft]) => {
    const { acceptance: ranks } = candidateLaw(target, draft, { count: 2 });
    assertAlmostEquals(ranks[0]!, acceptance(target, draft), 1e-12);
    assert(ranks[1]! >= 0 && ranks[0]! + ranks[1]! <= 1 + 1e-12);
  }));
});

Deno.test("two candidates without replacement are never worse than two with it", () => {
  fc.assert(fc.property(lawPairs, ([target, draft]) => {
    const [without, with_] = [false, true].map((replacement) =>
      candidateLaw(target, draft, { count: 2, replacement }).acceptance
    );
    assert(without![1]! >= with_![1]! - 1e-12);
  }));
  // The draft's favorite is refused half of the time; drawn again it is only in the way.
  const [target, draft] = [[0.25, 0.75], [0.75, 0.25]];
  const second = (replacement: boolean) =>
    candidateLaw(target, draft, { count: 2, replacement }).acceptance[1]!;
  assertAlmostEquals(second(false), 0.5, 1e-12);
  assertAlmostEquals(second(true), 0.125, 1e-12);
});

Deno.test("coupleCandidates() draws what candidateLaw() says, rank by rank", () => {
  const [target, draft] = [[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1]];
  for (const how of [{ count: 3 }, { count: 3, replacement: true }]) {
    const random = seeded(11);
    const counts = new Float64Array(4), ranks = new Float64Array(4);
    for (let n = 0; n < 20_000; n++) {
      const { token, rank } = coupleCandidates(target, draft, how, random);
      counts[token]!++;
      ranks[rank ?? 3]!++;
    }
    const exact = [...candidateLaw(target, draft, how).acceptance];
    exact.push(1 - exact.reduce((sum, chance) => sum + chance, 0));
    assert(chiSquare(counts, target).chance > 1e-4);
    if (exact[3]! > 1e-9) assert(chiSquare(ranks, exact).chance > 1e-4);
    else exact.forEach((chance, rank) => assertAlmostEquals(ranks[rank]! / 20_000, chance, 0.02));
  }
});

Deno.test("coupleCandidates() wants at least one", () => {
  assertThrows(() => coupleCandidates([1], [1], { count: 0 }, seeded(1)), RangeError, "the count");
});
