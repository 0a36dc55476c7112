import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { snapshotSeconds, survivalProbability } from "@fewer-bytes/training";
import fc from "fast-check";

Deno.test("no division among paths ends earlier than one that keeps all busy to the end", () => {
  const rate = fc.double({ min: 1, max: 100, noNaN: true });
  fc.assert(
    fc.property(rate, rate, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, share) => {
      const found = snapshotSeconds(1000, [a, b]);
      assert(Math.max(share * 1000 / a, (1 - share) * 1000 / b) >= found * (1 - 1e-9));
    }),
  );
  assertEquals(snapshotSeconds(1000, [10, 40]), 20);
});

Deno.test("what passes behind computation is not waited for", () => {
  assertEquals(snapshotSeconds(1000, [10], 30), 70);
  assertEquals(snapshotSeconds(1000, [10], 300), 0);
});

/** Every pattern of failures, one by one. */
function counted(machines: number, parities: number, groups: number, probability: number): number {
  const all = machines * groups;
  let survived = 0;
  for (let pattern = 0; pattern < 2 ** all; pattern++) {
    let chance = 1;
    const failed = Array.from({ length: groups }, () => 0);
    for (let machine = 0; machine < all; machine++) {
      const down = pattern >> machine & 1;
      chance *= down ? probability : 1 - probability;
      failed[Math.floor(machine / machines)]! += down;
    }
    if (failed.every((count) => count <= parities)) survived += chance;
  }
  return survived;
}

Deno.test("survivalProbability() is the sum over every pattern of failures", () => {
  for (
    const [machines, parities, groups] of [[3, 1, 2], [4, 2, 3], [1, 0, 5], [5, 4, 2], [2, 3, 2]]
  ) {
    for (const probability of [0, 0.1, 0.5, 1]) {
      const setup = { machines: machines!, parities: parities! };
      const found = survivalProbability(setup, groups!, probability);
      const wanted = parities! >= machines!
        ? 1
        : counted(machines!, parities!, groups!, probability);
      assertAlmostEquals(found, wanted, 1e-12);
    }
  }
});

Deno.test("paths and probabilities that are none are refused", () => {
  assertThrows(() => snapshotSeconds(1, []), RangeError, "there is none");
  assertThrows(() => snapshotSeconds(1, [1, 0]), RangeError, "a bandwidth");
  const setup = { machines: 2, parities: 1 };
  assertThrows(() => survivalProbability(setup, 1, 1.1), RangeError, "between 0 and 1");
  assertThrows(() => survivalProbability(setup, 0, 0.1), RangeError, "the groups");
});
