import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { decodeSeconds, redundantPair } from "@fewer-bytes/disaggregation";
import { cacheBytesPerToken } from "@fewer-bytes/transformer";
import fc from "fast-check";
import { llama } from "../setups.ts";

const contexts = (least: number) =>
  fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: least, maxLength: 6 });
const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);

Deno.test("redundantPair() is within Graham's 7/6 of the best of all splits", () => {
  fc.assert(fc.property(contexts(1), contexts(0), (first, second) => {
    const all = [...first, ...second];
    let best = Infinity;
    for (let split = 0; split < 2 ** all.length; split++) {
      const one = sum(all.filter((_, at) => split >> at & 1));
      best = Math.min(best, Math.max(one, sum(all) - one));
    }
    const pair = redundantPair(llama, first, second);
    assertEquals(pair.contexts.flat().sort((a, b) => a - b), all.sort((a, b) => a - b));
    // When nothing gets sooner done, all stay where they were.
    const stayed = pair.balanced[0] === pair.apart[0] && pair.balanced[1] === pair.apart[1];
    assert(stayed || Math.max(...pair.contexts.map(sum)) <= best * 7 / 6 + 1e-9);
    assert(pair.speedup >= 1);
  }));
});

Deno.test("redundantPair() halves a full server when its pair is idle", () => {
  const pair = redundantPair(llama, [4000, 4000, 4000, 4000], []);
  assertEquals(pair.contexts, [[4000, 4000], [4000, 4000]]);
  assertAlmostEquals(pair.apart[0], decodeSeconds(llama, 4, 4000), 1e-12);
  assertAlmostEquals(pair.balanced[1], decodeSeconds(llama, 2, 4000), 1e-12);
  assertEquals(pair.apart[1], 0);
});

Deno.test("redundantPair() pays with a copy of every cache, and one new token of each over the link", () => {
  const { copies, bandwidth, balanced } = redundantPair(llama, [1000, 500], [300]);
  const perToken = cacheBytesPerToken(llama.deployment.model);
  assertEquals(copies, 1800 * perToken);
  const tokens = 1 / balanced[0] + 2 / balanced[1];
  assertAlmostEquals(bandwidth, tokens * perToken, 1e-6 * bandwidth);
});

Deno.test("redundantPair() refuses a pair without requests, and contexts that are none", () => {
  assertThrows(() => redundantPair(llama, [], []), RangeError, "the number of requests");
  assertThrows(() => redundantPair(llama, [100, 0], []), RangeError, "a context");
  assertThrows(() => redundantPair(llama, [100], [1.5]), RangeError, "a context");
});
