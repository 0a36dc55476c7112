import { assert, assertEquals, assertThrows } from "@std/assert";
import { denseCache, forward } from "@fewer-bytes/lm";
import { CascadeCache } from "@fewer-bytes/cache";
import { tinyModel } from "../../lm/runtime/tiny.ts";
import {
  drive,
  largestDifference,
  maskedResult,
  maskedShares,
  model,
  queryHeads,
  randomTokens,
} from "./drive.ts";

Deno.test("CascadeCache keeps what attention summed over heads, queries and layers below says, under explicit masks", () => {
  const tokens = randomTokens(20, 1);
  const budgets = [12, 8, 5];
  const recent = 2;
  const cache = new CascadeCache(model, { tokens: budgets, recent });
  const seen = drive(cache, tokens);
  // Written differently: whole tables of who sees whom, and for each decision all sums again from the masked matrices.
  const tables: boolean[][][] = [];
  for (let layer = 0; layer < 3; layer++) {
    const table: boolean[][] = [];
    for (let query = 0; query < 20; query++) {
      const row = Array.from(
        { length: 20 },
        (_, key) =>
          key === query ||
          key < query && table[query - 1]![key]! &&
            (layer === 0 || tables[layer - 1]![query]![key]!),
      );
      const old = row.flatMap((kept, key) => kept && key <= query - recent ? [key] : []);
      const excess = row.filter((kept) => kept).length - budgets[layer]!;
      if (excess > 0) {
        const importance = (key: number) => {
          let sum = 0;
          for (let l = 0; l <= layer; l++) {
            for (let head = 0; head < queryHeads; head++) {
              const shares = maskedShares(
                tokens,
                l,
                head,
                (q, k) => (l < layer ? tables[l]! : table)[q]?.[k] ?? false,
              );
              const last = l < layer ? query : query - 1;
              for (let q = 0; q <= last; q++) sum += shares.get(q, key);
            }
          }
          return sum;
        };
        old.map((key) => ({ key, sum: importance(key) })).sort((a, b) => a.sum - b.sum)
          .slice(0, excess).forEach(({ key }) => row[key] = false);
      }
      table.push(row);
    }
    tables.push(table);
    assertEquals(cache.kept(layer), table[19]!.flatMap((kept, key) => kept ? [key] : []));
    for (let head = 0; head < queryHeads; head++) {
      maskedResult(tokens, layer, head, (q, k) => table[q]![k]!).forEach((row, token) =>
        assert(largestDifference(seen[layer]![token]![head]!.result, row) < 1e-4)
      );
    }
  }
});

Deno.test("CascadeCache never brings back in a layer what one below it pruned, and stays in every budget", () => {
  const budgets = [20, 11, 6];
  const cache = new CascadeCache(model, { tokens: budgets, recent: 3 });
  const tokens = randomTokens(40, 2);
  let start = 0;
  for (const chunk of [10, 15, 15]) {
    drive(cache, tokens, [chunk]);
    start += chunk;
    const kept = [0, 1, 2].map((layer) => cache.kept(layer));
    kept.forEach((list, layer) => {
      assertEquals(list.length, Math.min(start, budgets[layer]!));
      if (layer > 0) assert(list.every((token) => kept[layer - 1]!.includes(token)));
      assertEquals(list.slice(-3), [start - 3, start - 2, start - 1]);
    });
  }
  assertEquals(cache.bytes, (20 + 11 + 6) * 4 * (2 * 8 + 1));
});

Deno.test("CascadeCache gives the same for a prompt in one piece and token by token", () => {
  const tokens = randomTokens(24, 3);
  const options = { tokens: [10, 7, 4], recent: 2, heads: [6, 5, 3] };
  const whole = drive(new CascadeCache(model, options), tokens);
  const single = drive(new CascadeCache(model, options), tokens, new Array(24).fill(1));
  assertEquals(single, whole);
});

Deno.test("CascadeCache prunes the heads that returned least, and a head pruned below stays pruned above", () => {
  const tokens = randomTokens(20, 4);
  const seen = drive(new CascadeCache(model, { tokens: [20, 20, 20], heads: [6, 4, 2] }), tokens);
  const working = seen.map((layer) =>
    layer[19]!.flatMap(({ shares }, head) => shares.length > 0 ? [head] : [])
  );
  assertEquals(working.map((heads) => heads.length), [6, 4, 2]);
  assert(working[2]!.every((head) => working[1]!.includes(head)));
  // The first decision, by hand: all that each head of the two lowest layers returned, the second one's up to now.
  const returned = Array.from(
    { length: queryHeads },
    (_, head) =>
      [seen[0]!.slice(0, 20), seen[1]!.slice(0, 19)].flat()
        .reduce((sum, heads) => sum + heads[head]!.result.reduce((a, x) => a + Math.abs(x), 0), 0),
  );
  const best = returned.map((sum, head) => ({ sum, head })).sort((a, b) => b.sum - a.sum)
    .slice(0, 4).map(({ head }) => head).sort();
  assertEquals(working[1], best);
});

Deno.test("CascadeCache is the dense cache while nothing has to go", () => {
  const tiny = tinyModel();
  const prompt = [3, 1, 4, 1, 5, 9, 2, 6];
  const caches = [new CascadeCache(tiny, { tokens: [8, 8, 8] }), denseCache(tiny)];
  const [cascade, dense] = caches.map((cache) => forward(tiny, [{ tokens: prompt, cache }])[0]!);
  assertEquals(cascade, dense);
});

Deno.test("CascadeCache counts no traffic for a group whose heads are all pruned", () => {
  const tokens = randomTokens(6, 5);
  const seen = drive(new CascadeCache(model, { tokens: [6, 6, 6], heads: [6, 1, 1] }), tokens);
  const token = 2 * 4 * 4; // keys and values of one head
  assertEquals(seen[0]![5]![0]!.traffic, token * (2 * 6 + 2));
  assertEquals(seen[1]![5]![0]!.traffic, token * (6 + 2));
});

Deno.test("CascadeCache refuses budgets that grow, are fewer than layers, or leave no room for the newest", () => {
  const make = (options: ConstructorParameters<typeof CascadeCache>[1]) => () =>
    new CascadeCache(model, options);
  assertThrows(
    make({ tokens: [4, 5, 4] }),
    RangeError,
    "must not grow from layer to layer: current value is 4,5,4",
  );
  assertThrows(make({ tokens: [4, 4] }), TypeError, "each of 3 layers: current length is 2");
  assertThrows(
    make({ tokens: [4, 4, 2], recent: 3 }),
    RangeError,
    "tokens of layer 2 must be a finite number >= 3",
  );
  assertThrows(
    make({ tokens: [4, 4, 4], heads: [7, 6, 6] }),
    RangeError,
    "heads must be <= 6: current value is 7",
  );
  assertThrows(make({ tokens: [4, 4, 4], recent: 0 }), RangeError, "recent");
});
