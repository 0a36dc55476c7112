import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { denseCache } from "@fewer-bytes/lm";
import { elastic, PromptPruningCache, snapKeyValues } from "@fewer-bytes/cache";
import { tinyModel } from "../../lm/runtime/tiny.ts";
import {
  drive,
  headDimension,
  largestDifference,
  maskedResult,
  maskedShares,
  model,
  queryHeads,
  randomTokens,
} from "./drive.ts";

Deno.test("PromptPruningCache reads a prompt densely, and afterwards what the attention of its last queries chose", () => {
  const tokens = randomTokens(31, 1);
  const options = { budget: 10, recent: 4, judges: 3, pool: 3 };
  const seen = drive(new PromptPruningCache(model, options), tokens, [30, 1]);
  for (let layer = 0; layer < 3; layer++) {
    for (const shared of [0, 1]) {
      // In matrix form: columns of the last three rows, summed over the group, then the best of three neighbors.
      const sums = Array.from({ length: 26 }, () => 0);
      for (let head = 3 * shared; head < 3 * shared + 3; head++) {
        const shares = maskedShares(tokens, layer, head, () => true);
        for (const query of [27, 28, 29]) {
          sums.forEach((_, key) => sums[key]! += shares.get(query, key));
        }
      }
      const pooled = sums.map((_, key) => Math.max(...sums.slice(Math.max(0, key - 1), key + 2)));
      const chosen = new Set(
        pooled.map((sum, key) => ({ sum, key })).sort((a, b) => b.sum - a.sum || b.key - a.key)
          .slice(0, 6).map(({ key }) => key),
      );
      for (let head = 3 * shared; head < 3 * shared + 3; head++) {
        const rows = maskedResult(
          tokens,
          layer,
          head,
          (q, k) => q < 30 || k >= 26 || chosen.has(k),
        );
        rows.forEach((row, token) =>
          assert(largestDifference(seen[layer]![token]![head]!.result, row) < 1e-4)
        );
      }
    }
  }
});

Deno.test("PromptPruningCache keeps its budget after every prompt, and is the dense cache while that suffices", () => {
  const tokens = randomTokens(30, 2);
  const dense = drive(denseCache(tinyModel()), tokens, [20, 1, 1, 8]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 35 }), fc.boolean(), (budget, isElastic) => {
      const options = isElastic ? elastic(budget, Math.min(3, budget)) : snapKeyValues(budget);
      const cache = new PromptPruningCache(model, options);
      const seen = drive(cache, tokens, [20, 1, 1, 8]);
      assertEquals(cache.bytes, 3 * Math.min(30, budget) * 2 * 8 * 4);
      if (budget >= 30) assertEquals(seen, dense);
      else assertEquals(seen[2]!.slice(0, 20), dense[2]!.slice(0, 20)); // the first prompt is read in full
    }),
    { numRuns: 12 },
  );
});

Deno.test("PromptPruningCache lets generated tokens stay until the next prompt, or evicts at one fixed place", () => {
  const tokens = randomTokens(24, 3);
  const counts = (options: ConstructorParameters<typeof PromptPruningCache>[1]) =>
    drive(new PromptPruningCache(model, options), tokens, [20, 1, 1, 1, 1])[0]!
      .slice(20).map(([head]) => head!.shares.length);
  assertEquals(counts(snapKeyValues(8, 4)), [9, 10, 11, 12]);
  assertEquals(counts(elastic(8, 4)), [8, 8, 8, 8]);
});

Deno.test("PromptPruningCache that merges averages every token into the nearest that stays", () => {
  const tokens = randomTokens(11, 4);
  // One place, so all ten tokens of the prompt meet in the last of them, and the next one sees it and itself.
  const seen = drive(
    new PromptPruningCache(model, { budget: 1, recent: 1, gone: "merged" }),
    tokens,
    [10, 1],
  );
  for (let head = 0; head < queryHeads; head++) {
    const from = Math.floor(head / 3) * headDimension;
    const column = (i: number) => tokens.values[0]!.toRows().map((row) => row[from + i]!);
    const { shares, result } = seen[0]![10]![head]!;
    const expected = Array.from({ length: headDimension }, (_, i) => {
      const mean = column(i).slice(0, 10).reduce((a, b) => a + b, 0) / 10;
      return shares[0]! * mean + shares[1]! * column(i)[10]!;
    });
    assert(largestDifference(result, expected) < 1e-4);
  }
});

Deno.test("PromptPruningCache refuses a budget below the recent tokens, and an even pool", () => {
  const make = (options: ConstructorParameters<typeof PromptPruningCache>[1]) => () =>
    new PromptPruningCache(model, options);
  assertThrows(
    make({ budget: 3, recent: 4 }),
    RangeError,
    "the budget must be a finite number >= 4: current value is 3",
  );
  assertThrows(make({ budget: 3, recent: 0 }), RangeError, "recent");
  assertThrows(
    make({ budget: 3, recent: 1, pool: 2 }),
    RangeError,
    "pool must be odd: current value is 2",
  );
  assertThrows(make({ budget: 3, recent: 1, judges: 0 }), RangeError, "steps");
});
