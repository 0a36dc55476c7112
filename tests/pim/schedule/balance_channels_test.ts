import { assert, assertEquals, assertThrows } from "@std/assert";
import { balanceChannels, spreadTokens } from "@fewer-bytes/pim";
import fc from "fast-check";

const contexts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 7 });
const channels = fc.integer({ min: 1, max: 4 });

/** The best of all ways to lay requests on channels. */
function best(lengths: readonly number[], count: number): number {
  let found = Infinity;
  const go = (at: number, loads: number[]) => {
    if (at === lengths.length) found = Math.min(found, Math.max(...loads));
    else loads.forEach((load, index) => go(at + 1, loads.with(index, load + lengths[at]!)));
  };
  go(0, Array(count).fill(0));
  return found;
}

Deno.test("balanceChannels() stays within Graham's 4/3 - 1/(3 m) of the best of all ways", () => {
  fc.assert(
    fc.property(contexts, channels, (lengths, count) => {
      const { longest, channels: chosen } = balanceChannels(lengths, count);
      const limit = best(lengths, count) * (4 / 3 - 1 / (3 * count));
      assert(longest <= limit + 1e-9);
      const loads = Array(count).fill(0);
      lengths.forEach((length, index) => loads[chosen[index]!] += length);
      assertEquals(Math.max(...loads), longest);
    }),
    { numRuns: 60 },
  );
});

Deno.test("spread tokens wait for no long request: at most one token of each is uneven", () => {
  fc.assert(fc.property(contexts, channels, (lengths, count) => {
    const sum = lengths.reduce((total, length) => total + length, 0);
    const { longest, use } = spreadTokens(lengths, count);
    assert(longest >= sum / count && longest < sum / count + lengths.length);
    assert(use > 0 && use <= 1);
  }));
});

Deno.test("one long request leaves all other channels idle, unless its tokens are spread", () => {
  const lengths = [100_000, 1000, 1000];
  assert(balanceChannels(lengths, 16).use < 0.07);
  assert(spreadTokens(lengths, 16).use > 0.99);
});

Deno.test("channels and contexts that are none are refused, and no request uses nothing", () => {
  assertThrows(() => balanceChannels([1], 0), RangeError, "channels");
  assertThrows(() => spreadTokens([-1], 2), RangeError, "context");
  assertEquals(balanceChannels([], 4), { longest: 0, use: 0, channels: [] });
});
