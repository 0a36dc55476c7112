import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  expectedTokens,
  hierarchyFormula,
  hierarchySeconds,
  speculativeSpeedup,
} from "@fewer-bytes/decoding";
import { seeded } from "@fewer-bytes/numeric";
import fc from "fast-check";
import { chances } from "../support.ts";

const level = fc.record({
  seconds: fc.double({ min: 0, max: 1, noNaN: true }),
  acceptance: chances,
  draftLength: fc.nat(8),
});

Deno.test("one level is speculative decoding, none is plain decoding", () => {
  fc.assert(fc.property(level, (one) => {
    const speedup = speculativeSpeedup({ ...one, draftCost: one.seconds });
    assertAlmostEquals(1 / hierarchySeconds(1, [one]), speedup, 1e-9);
  }));
  assertEquals(hierarchySeconds(3, []), 3);
});

Deno.test("two levels are the printed formula", () => {
  fc.assert(fc.property(level, level, (middle, small) => {
    const time = hierarchyFormula.evaluate({
      outer: middle.draftLength,
      inner: small.draftLength,
      draft: small.seconds,
      middle: middle.seconds,
      innerTokens: expectedTokens(small.acceptance, small.draftLength),
      target: 1,
      outerTokens: expectedTokens(middle.acceptance, middle.draftLength),
    });
    assertAlmostEquals(hierarchySeconds(1, [middle, small]), time, 1e-9);
  }));
});

Deno.test("two levels agree with rounds within rounds that are played, but for inner tokens that are cut off", () => {
  const [middle, small] = [
    { seconds: 0.2, acceptance: 0.9, draftLength: 6 },
    { seconds: 0.01, acceptance: 0.6, draftLength: 1 },
  ];
  const random = seeded(8);
  const round = (acceptance: number, draftLength: number) => {
    let tokens = 1;
    while (tokens <= draftLength && random.uniform() < acceptance) tokens++;
    return tokens;
  };
  let seconds = 0, tokens = 0;
  for (let n = 0; n < 20_000; n++) {
    for (let drafted = 0; drafted < 6;) {
      drafted += round(small.acceptance, 1);
      seconds += small.seconds + middle.seconds;
    }
    seconds += 1;
    tokens += round(middle.acceptance, 6);
  }
  const formula = hierarchySeconds(1, [middle, small]);
  assertAlmostEquals(seconds / tokens / formula, 1.03, 0.04);
});

Deno.test("times below nothing are refused", () => {
  assertThrows(() => hierarchySeconds(-1, []), RangeError, "the target's time");
  assertThrows(
    () => hierarchySeconds(1, [{ seconds: 1, acceptance: 2, draftLength: 1 }]),
    RangeError,
    "the acceptance",
  );
});
