import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  chain,
  type DraftTree,
  expectedTokens,
  expectedTreeTokens,
  treeDepth,
  treeSize,
} from "@fewer-bytes/decoding";
import { seeded } from "@fewer-bytes/numeric";
import fc from "fast-check";
import { chances } from "../support.ts";

Deno.test("a chain gives what the formula for sequences says", () => {
  fc.assert(fc.property(chances, fc.nat(10), (a, length) => {
    assertAlmostEquals(expectedTreeTokens(chain(length), [[a]]), expectedTokens(a, length), 1e-9);
    assertEquals([treeSize(chain(length)), treeDepth(chain(length))], [length, length]);
  }));
});

Deno.test("expectedTreeTokens() agrees with walks down the tree", () => {
  const leaf: DraftTree = { branches: [] };
  const tree: DraftTree = {
    branches: [{ branches: [{ branches: [leaf] }, leaf] }, chain(2), leaf],
  };
  const acceptance = [[0.5, 0.2, 0.1], [0.6, 0.3]];
  const random = seeded(4);
  const walk = (at: DraftTree, depth: number): number => {
    let rest = random.uniform();
    const ranks = acceptance[Math.min(depth, 1)]!;
    for (const [rank, branch] of at.branches.entries()) {
      if ((rest -= ranks[rank] ?? 0) < 0) return 1 + walk(branch, depth + 1);
    }
    return 1;
  };
  let sum = 0;
  for (let n = 0; n < 50_000; n++) sum += walk(tree, 0);
  assertAlmostEquals(sum / 50_000, expectedTreeTokens(tree, acceptance), 0.02);
  assertEquals([treeSize(tree), treeDepth(tree)], [8, 3]);
});

Deno.test("a table that holds no chances is refused", () => {
  assertThrows(() => expectedTreeTokens(chain(1), []), RangeError, "the number of depths");
  assertThrows(() => expectedTreeTokens(chain(1), [[0.6, 0.5]]), RangeError, "sum to at most 1");
  assertThrows(() => expectedTreeTokens(chain(1), [[-0.1]]), RangeError, "the acceptance");
});
