import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  bestTree,
  chain,
  type DraftTree,
  expectedTreeTokens,
  treeDepth,
  treeSize,
} from "@fewer-bytes/decoding";
import fc from "fast-check";

/** All lists of branches with so many tokens in all. */
function* forests(tokens: number): Generator<DraftTree[]> {
  if (tokens === 0) return yield [];
  for (let first = 1; first <= tokens; first++) {
    for (const branches of forests(first - 1)) {
      for (const others of forests(tokens - first)) yield [{ branches }, ...others];
    }
  }
}

/** Chances by rank that sum to at most 1; not always falling. */
const ranks = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.map((part) => part / 100));
const tables = fc.array(ranks, { minLength: 1, maxLength: 3 });

Deno.test("bestTree() is the best of all trees with so many tokens", () => {
  fc.assert(
    fc.property(tables, fc.nat(6), (acceptance, tokens) => {
      let most = 1;
      for (const branches of forests(tokens)) {
        most = Math.max(most, expectedTreeTokens({ branches }, acceptance));
      }
      const best = bestTree(acceptance, { tokens });
      assertAlmostEquals(best.tokens, most, 1e-12);
      assert(treeSize(best.tree) <= tokens);
    }),
    { numRuns: 60 },
  );
});

Deno.test("bestTree() takes the likeliest tokens one by one, where chances fall with rank", () => {
  // Medusa's way to find its trees: always add the token that is likeliest to be reached.
  const falling = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.toSorted((a, b) => b - a).map((part) => part / 100));
  fc.assert(fc.property(falling, fc.integer({ min: 0, max: 20 }), (acceptance, tokens) => {
    const reached = [...acceptance];
    let sum = 1;
    for (let taken = 0; taken < tokens; taken++) {
      reached.sort((a, b) => b - a);
      const chance = reached.shift()!;
      sum += chance;
      reached.push(...acceptance.map((next) => chance * next));
    }
    assertAlmostEquals(bestTree([acceptance], { tokens }).tokens, sum, 1e-12);
  }));
});

Deno.test("bestTree() keeps to its depth", () => {
  const { tree } = bestTree([[0.9, 0.05]], { tokens: 12, depth: 3 });
  assertEquals(treeDepth(tree), 3);
  assertEquals(bestTree([[0.9]], { tokens: 5 }).tree, chain(5));
  assertEquals(bestTree([[0.9]], { tokens: 5, depth: 0 }), { tree: chain(0), tokens: 1 });
});
