import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { acceptance, expectedTokens, roundPaths, tokensPerRound } from "@fewer-bytes/decoding";
import fc from "fast-check";
import { chains, lawPairs } from "../support.ts";

Deno.test("roundPaths() follows every way that a round can go: the chances sum to 1", () => {
  fc.assert(fc.property(chains(3), chains(3), fc.nat(4), (target, draft, draftLength) => {
    const paths = [...roundPaths({ target, draft, draftLength })];
    assertAlmostEquals(paths.reduce((sum, { chance }) => sum + chance, 0), 1, 1e-12);
    assert(paths.every(({ tokens }) => tokens.length >= 1 && tokens.length <= draftLength + 1));
  }));
});

Deno.test("a round gives the tokens of the formula where the acceptance is the same everywhere", () => {
  fc.assert(fc.property(lawPairs, fc.nat(3), ([target, draft], draftLength) => {
    const paths = [...roundPaths({ target: () => target, draft: () => draft, draftLength })];
    const mean = paths.reduce((sum, { tokens, chance }) => sum + tokens.length * chance, 0);
    const a = Math.min(1, acceptance(target, draft));
    assertAlmostEquals(mean, expectedTokens(a, draftLength), 1e-9);
    const { variance } = tokensPerRound(new Array(draftLength).fill(a));
    const square = paths.reduce((sum, { tokens, chance }) => sum + tokens.length ** 2 * chance, 0);
    assertAlmostEquals(square - mean ** 2, variance, 1e-9);
  }));
});

Deno.test("roundPaths() goes on from its prefix", () => {
  const target = (prefix: readonly number[]) => prefix.length % 2 ? [1, 0] : [0, 1];
  const [path, ...others] = roundPaths({ target, draft: target, draftLength: 2 }, [0]);
  assertEquals([path, others], [{ tokens: [0, 1, 0], chance: 1 }, []]);
  assertThrows(
    () => [...roundPaths({ target, draft: target, draftLength: -1 })],
    RangeError,
    "the draft length",
  );
});
