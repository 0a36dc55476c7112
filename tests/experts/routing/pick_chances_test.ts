import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { evenChances, pickChances } from "@fewer-bytes/experts";
import { zipfShares } from "@fewer-bytes/paging";
import fc from "fast-check";

/** The same by walking through all orders in which k experts can be picked. */
function walked(shares: readonly number[], k: number): number[] {
  const chances = shares.map(() => 0);
  const walk = (picked: readonly number[], chance: number) => {
    if (picked.length === k) {
      for (const expert of picked) chances[expert]! += chance;
      return;
    }
    const rest = shares.reduce((sum, share, at) => picked.includes(at) ? sum : sum + share, 0);
    shares.forEach((share, at) => {
      if (!picked.includes(at)) walk([...picked, at], chance * share / rest);
    });
  };
  walk([], 1);
  return chances;
}

Deno.test("pickChances() is what walking through all orders of picks gives", () => {
  const shares = fc.array(fc.double({ min: 1e-3, max: 1, noNaN: true }), {
    minLength: 2,
    maxLength: 6,
  });
  fc.assert(
    fc.property(shares, fc.integer({ min: 1, max: 4 }), (values, wanted) => {
      const k = Math.min(wanted, values.length);
      const found = pickChances(values, k);
      walked(values, k).forEach((chance, at) => assertAlmostEquals(found[at]!, chance, 1e-9));
    }),
    { numRuns: 40 },
  );
});

Deno.test("pickChances() is the share for one pick, k / E for even shares, 1 when all are picked", () => {
  const shares = zipfShares(20, 1.5);
  pickChances(shares, 1).forEach((chance, at) => assertAlmostEquals(chance, shares[at]!, 1e-12));
  for (const [E, k] of [[8, 2], [64, 6], [256, 8]] as const) {
    pickChances(zipfShares(E, 0), k).forEach((chance, at) =>
      assertAlmostEquals(chance, evenChances(E, k)[at]!, 1e-12)
    );
  }
  pickChances(zipfShares(6, 2), 6).forEach((chance) => assertAlmostEquals(chance, 1, 1e-12));
});

Deno.test("pickChances() add up to k, are flatter than the shares, and leave out what nobody asks for", () => {
  const chances = pickChances(zipfShares(128, 1), 8);
  assertAlmostEquals(chances.reduce((a, b) => a + b, 0), 8, 1e-9);
  assert(chances[0]! / chances[127]! < 128 && chances[0]! > chances[1]!);
  assertEquals(pickChances([1, 0, 1], 1)[1], 0);
  assertThrows(() => pickChances([1, 0, 1], 3), RangeError, "the 2 experts: current value is 3");
  assertThrows(() => pickChances([1, NaN], 1), RangeError, "a share");
  assertThrows(() => evenChances(4, 5), RangeError, "expertsPerToken");
});
