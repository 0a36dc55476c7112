import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AttentionSums } from "@fewer-bytes/cache";

Deno.test("AttentionSums adds up what each slot received from the latest queries, as many as count", () => {
  const rows = fc.array(
    fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  fc.assert(fc.property(rows, fc.constantFrom(1, 2, 5, Infinity), (queries, steps) => {
    const sums = new AttentionSums(steps);
    for (const shares of queries) {
      sums.next();
      sums.add(shares);
      sums.add(shares); // a second head of the group
    }
    const counted = queries.slice(steps === Infinity ? 0 : -steps);
    for (const slot of [0, 1, 2]) {
      const expected = counted.reduce((sum, shares) => sum + 2 * shares[slot]!, 0);
      assertAlmostEquals(sums.of(slot), expected, 1e-9);
    }
  }));
});

Deno.test("AttentionSums forgets a slot for good, history included, and keeps others in a new order", () => {
  const sums = new AttentionSums(2);
  sums.next();
  sums.add([1, 2, 4]);
  sums.forget(1);
  assertEquals([0, 1, 2].map((slot) => sums.of(slot)), [1, 0, 4]);
  sums.keep([2, 0]);
  assertEquals([0, 1].map((slot) => sums.of(slot)), [4, 1]);
  sums.next();
  sums.add([10, 20]);
  sums.next(); // what was added first does not count any more
  assertEquals([0, 1].map((slot) => sums.of(slot)), [10, 20]);
  assertEquals(sums.of(7), 0);
});

Deno.test("AttentionSums needs one number a slot for all queries, and one more for each when the latest count", () => {
  assertEquals(new AttentionSums().numbersPerSlot, 1);
  assertEquals(new AttentionSums(16).numbersPerSlot, 17);
  assertThrows(
    () => new AttentionSums(0),
    RangeError,
    "steps must be a finite number >= 1: current value is 0",
  );
});
