import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import {
  distinctPrefixTokens,
  type EvictionPolicy,
  servePrompts,
  templatePrompts,
} from "@fewer-bytes/paging";

const prompts = fc.array(fc.array(fc.nat(2), { minLength: 1, maxLength: 10 }), {
  minLength: 1,
  maxLength: 25,
});

Deno.test("depth first and longest prefix first compute each prefix once, as soon as the longest prompt fits (SGLang, theorem 3.1)", () => {
  fc.assert(
    fc.property(prompts, fc.nat(12), (all, more) => {
      const capacity = Math.max(...all.map(({ length }) => length)) + more;
      const least = distinctPrefixTokens(all);
      for (const order of ["depth first", "longest prefix"] as const) {
        const { computedTokens, served } = servePrompts(all, { capacity, order });
        assertEquals(computedTokens, least);
        assertEquals(served.toSorted((a, b) => a - b), all.map((_, index) => index));
      }
      assert(servePrompts(all, { capacity }).computedTokens >= least);
    }),
    { numRuns: 300 },
  );
});

Deno.test("distinctPrefixTokens() is the number of distinct beginnings", () => {
  fc.assert(fc.property(prompts, (all) => {
    const beginnings = new Set(
      all.flatMap((prompt) => prompt.map((_, index) => prompt.slice(0, index + 1).join())),
    );
    assertEquals(distinctPrefixTokens(all), beginnings.size);
    // With room for everything, any order computes just these.
    assertEquals(servePrompts(all, { capacity: 1000 }).computedTokens, beginnings.size);
  }));
});

Deno.test("the hit rate grows with memory up to the share of the template, and reordering needs far less memory for it", () => {
  const law = { templates: 20, templateTokens: 100, questionTokens: 25 };
  const all = templatePrompts(law, 400, seeded(1));
  const rates = [500, 1000, 2000, 4000, 60_000].map((capacity) =>
    servePrompts(all, { capacity }).hitRate
  );
  rates.forEach((rate, index) => assert(index === 0 || rate > rates[index - 1]!));
  const most = 0.8 * (1 - 20 / 400);
  assert(rates.at(-1)! <= 0.8 && rates.at(-1)! >= most - 1e-9);
  const ordered = servePrompts(all, { capacity: 500, order: "longest prefix", waiting: 100 });
  assert(ordered.hitRate > rates[0]! + 0.3 && ordered.hitRate > 0.9 * rates.at(-1)!);
});

Deno.test("least recent use finds more than first in and chance, where prompts themselves are asked again", () => {
  const law = { templates: 200, templateTokens: 20, questionTokens: 0 };
  const all = templatePrompts(law, 3000, seeded(2));
  const rate = (policy: EvictionPolicy) =>
    servePrompts(all, { capacity: 800, policy, random: seeded(3) }).hitRate;
  const [lru, first, random] = [rate("least recently used"), rate("first in"), rate("random")];
  assert(lru > first + 0.02 && lru > random + 0.02, `${lru}, ${first}, ${random}`);
});

Deno.test("where every prompt has a question of its own, least recent use is first in", () => {
  const all = templatePrompts(
    { templates: 30, templateTokens: 20, questionTokens: 5 },
    500,
    seeded(4),
  );
  const [lru, first] = (["least recently used", "first in"] as const).map((policy) =>
    servePrompts(all, { capacity: 300, policy })
  );
  assertEquals(lru, first);
});

Deno.test("servePrompts() refuses a prompt that is longer than the memory", () => {
  assertThrows(() => servePrompts([[1, 2, 3]], { capacity: 2 }), RangeError, "one has 3");
  assertThrows(() => servePrompts([], { capacity: 0 }), RangeError, "the capacity");
  assertEquals(servePrompts([], { capacity: 1 }).hitRate, 0);
});
