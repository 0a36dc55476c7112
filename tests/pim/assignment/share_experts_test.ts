import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { shareExperts } from "@fewer-bytes/pim";
import fc from "fast-check";

const tokens = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 8 });

/** The best of all subsets. */
function bruteForce(
  counts: number[],
  processor: (t: number) => number,
  memory: (t: number) => number,
) {
  const used = counts.filter((count) => count > 0);
  let best = Infinity;
  for (let choice = 0; choice < 2 ** used.length; choice++) {
    let a = 0, b = 0;
    used.forEach((count, index) =>
      (choice >> index) & 1 ? b += memory(count) : a += processor(count)
    );
    best = Math.min(best, Math.max(a, b));
  }
  return best;
}

Deno.test("shareExperts() is optimal while each expert takes the processor equally long: all subsets", () => {
  fc.assert(fc.property(tokens, fc.integer({ min: 1, max: 9 }), (counts, each) => {
    const memory = (count: number) => Math.max(1, count / 4);
    const found = shareExperts(counts, { processor: () => each, memory });
    assertAlmostEquals(found.seconds, bruteForce(counts, () => each, memory), 1e-9);
  }));
});

Deno.test("shareExperts() is never slower than either side alone, and covers each expert that has tokens", () => {
  fc.assert(fc.property(tokens, (counts) => {
    const processor = (count: number) => 2 + count / 16;
    const memory = (count: number) => Math.max(0.5, count / 4);
    const { seconds, inMemory, onProcessor } = shareExperts(counts, { processor, memory });
    const sum = (time: (count: number) => number) =>
      counts.reduce((total, count) => total + (count > 0 ? time(count) : 0), 0);
    assert(seconds <= Math.min(sum(processor), sum(memory)) * (1 + 1e-12));
    assert(seconds >= bruteForce(counts, processor, memory) * (1 - 1e-12));
    assertEquals(
      [...inMemory, ...onProcessor].sort((a, b) => a - b),
      counts.flatMap((count, index) => count > 0 ? [index] : []),
    );
  }));
});

Deno.test("shareExperts() refuses counts that are none, and does nothing for no tokens", () => {
  const times = { processor: () => 1, memory: () => 1 };
  assertThrows(() => shareExperts([1.5], times), RangeError, "whole number");
  assertEquals(shareExperts([0, 0], times), { seconds: 0, inMemory: [], onProcessor: [] });
});
