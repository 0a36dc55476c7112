import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { denseCache } from "@fewer-bytes/lm";
import { HeavyHitterCache, heavyHitterMethod, WindowCache } from "@fewer-bytes/cache";
import { tinyModel } from "../../lm/runtime/tiny.ts";
import {
  drive,
  largestDifference,
  maskedResult,
  maskedShares,
  model,
  queryHeads,
  randomTokens,
  type Tokens,
} from "./drive.ts";

/**
 * H2O written differently: for each token, who is kept by each key-value head is a set; the attention of every query so far is
 * computed again in matrix form under the mask of what was kept then, and summed down the columns.
 */
function keptByDefinition(
  tokens: Tokens,
  layer: number,
  shared: number,
  { heavy, recent, steps = Infinity }: { heavy: number; recent: number; steps?: number },
): Set<number>[] {
  const kept: Set<number>[] = [];
  for (let token = 0; token < tokens.keys[layer]!.rows; token++) {
    const now = new Set(kept.at(-1) ?? []).add(token);
    if (now.size > heavy + recent) {
      const received = (key: number) => {
        let sum = 0;
        for (let head = 3 * shared; head < 3 * shared + 3; head++) {
          const shares = maskedShares(tokens, layer, head, (q, k) => kept[q]?.has(k) ?? false);
          for (let query = Math.max(0, token - steps); query < token; query++) {
            sum += shares.get(query, key);
          }
        }
        return sum;
      };
      const old = [...now].filter((key) => key <= token - recent)
        .map((key) => ({ key, sum: received(key) }))
        .sort((a, b) => a.sum - b.sum || a.key - b.key);
      now.delete(old[0]!.key);
    }
    kept.push(now);
  }
  return kept;
}

for (
  const options of [{ heavy: 4, recent: 3 }, { heavy: 1, recent: 1 }, {
    heavy: 4,
    recent: 3,
    steps: 5,
  }]
) {
  Deno.test(`HeavyHitterCache keeps, head by head, what summed attention under explicit masks says: ${JSON.stringify(options)}`, () => {
    const tokens = randomTokens(18, 4);
    const cache = new HeavyHitterCache(model, options);
    const seen = drive(cache, tokens);
    for (let layer = 0; layer < 3; layer++) {
      for (const shared of [0, 1]) {
        const kept = keptByDefinition(tokens, layer, shared, options);
        assertEquals(cache.kept(layer, shared), [...kept.at(-1)!].sort((a, b) => a - b));
        for (let head = 3 * shared; head < 3 * shared + 3; head++) {
          maskedResult(tokens, layer, head, (q, k) => kept[q]!.has(k)).forEach((row, token) =>
            assert(largestDifference(seen[layer]![token]![head]!.result, row) < 1e-4)
          );
        }
      }
    }
  });
}

Deno.test("HeavyHitterCache lets heads of the same layer keep different tokens", () => {
  const cache = new HeavyHitterCache(model, { heavy: 8, recent: 2 });
  drive(cache, randomTokens(40, 5));
  assert(cache.kept(0, 0).join() !== cache.kept(0, 1).join());
});

Deno.test("HeavyHitterCache stays in its budget, keeps the newest, and is the dense cache while the budget suffices", () => {
  const tokens = randomTokens(25, 6);
  const dense = drive(denseCache(tinyModel()), tokens);
  fc.assert(
    fc.property(
      fc.record({
        heavy: fc.integer({ min: 0, max: 10 }),
        recent: fc.integer({ min: 1, max: 10 }),
        steps: fc.constantFrom(1, 4, Infinity),
        gone: fc.constantFrom("dropped" as const, "merged" as const),
      }),
      (options) => {
        const cache = new HeavyHitterCache(model, options);
        const seen = drive(cache, tokens);
        const { budget } = cache;
        assertEquals(budget, options.heavy + options.recent);
        const tokensKept = Math.min(25, budget);
        const numbers = (options.steps === Infinity ? 1 : 1 + options.steps) *
          (options.gone === "merged" ? 2 : 1);
        assertEquals(cache.bytes, 3 * tokensKept * (2 * 8 * 4 + 2 * numbers * 4));
        seen.flat(2).forEach(({ shares }) => assert(shares.length <= budget));
        for (let newest = 24; newest > 24 - options.recent; newest--) {
          assert(cache.kept(2, 1).includes(newest));
        }
        assertEquals(
          seen.map((layer) => layer.slice(0, budget)),
          dense.map((layer) => layer.slice(0, budget)),
        );
      },
    ),
    { numRuns: 20 },
  );
});

Deno.test("HeavyHitterCache without heavy hitters is a window", () => {
  const tokens = randomTokens(25, 7);
  const heavy = drive(new HeavyHitterCache(model, { heavy: 0, recent: 6 }), tokens);
  const window = drive(new WindowCache(model, { window: 6 }), tokens);
  heavy.flat(2).forEach(({ result }, index) =>
    assert(largestDifference(result, window.flat(2)[index]!.result) < 1e-5)
  );
});

Deno.test("HeavyHitterCache that merges keeps the mean of all values when it has room for one token", () => {
  const tokens = randomTokens(12, 8);
  const merged = drive(
    new HeavyHitterCache(model, { heavy: 1, recent: 1, gone: "merged" }),
    tokens,
  );
  // Two slots: the newest token, and the mean of all others. Attention is somewhere between the two.
  const mean = Array.from(
    { length: 4 },
    (_, i) => tokens.values[0]!.toRows().slice(0, 11).reduce((sum, row) => sum + row[i]! / 11, 0),
  );
  const newest = tokens.values[0]!.row(11);
  for (let head = 0; head < queryHeads / 2; head++) {
    const { shares, result } = merged[0]![11]![head]!;
    assertEquals(shares.length, 2);
    const between = (share: number) => mean.map((m, i) => m + share * (newest[i]! - m));
    assert(shares.some((share) => largestDifference(result, between(share)) < 1e-4));
  }
});

Deno.test("HeavyHitterCache refuses a budget without a place for the newest token", () => {
  assertThrows(
    () => new HeavyHitterCache(model, { heavy: 4, recent: 0 }),
    RangeError,
    "recent must be a finite number >= 1: current value is 0",
  );
  assertThrows(() => new HeavyHitterCache(model, { heavy: -1, recent: 3 }), RangeError, "heavy");
  assertThrows(
    () => new HeavyHitterCache(model, { heavy: 1, recent: 3, steps: 0 }),
    RangeError,
    "steps",
  );
  assertThrows(() => heavyHitterMethod({ heavy: NaN, recent: 1 }), RangeError, "heavy");
  assertEquals(heavyHitterMethod({ heavy: 5, recent: 3 }).budget, 8);
});
