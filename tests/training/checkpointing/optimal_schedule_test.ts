import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  binomialForwards,
  fastestOfAll,
  memoryFrontier,
  optimalSchedule,
  replay,
  segmentSchedule,
  type Stage,
  uniformChain,
} from "@fewer-bytes/training";
import fc from "fast-check";

const time = fc.integer({ min: 1, max: 9 });
const sized = fc.record({
  forward: time,
  backward: time,
  input: fc.integer({ min: 1, max: 3 }),
  tape: fc.integer({ min: 1, max: 5 }),
});
const equalSizes = fc.record({
  forward: time,
  backward: time,
  input: fc.constant(1),
  tape: fc.constant(2),
});
const slots = fc.record({ forward: time, backward: time, input: fc.constant(1) });
const short = (stage: fc.Arbitrary<Stage>) => fc.array(stage, { minLength: 1, maxLength: 5 });
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

Deno.test("with slots for states the optimum of equal steps is the binomial one of Griewank and Walther", () => {
  for (const [steps, states] of [[10, 3], [20, 2], [35, 4], [56, 5], [17, 17]] as const) {
    const chain = uniformChain(steps, { forward: 1, backward: 0, input: 1 });
    const { seconds } = optimalSchedule(chain, states - 1)!;
    assertEquals(seconds, binomialForwards(steps, states) + steps);
  }
});

Deno.test("no schedule is faster, with steps that take unequally long and slots for their inputs", () => {
  fc.assert(
    fc.property(short(slots), fc.integer({ min: 0, max: 4 }), (chain, budget) => {
      assertEquals(
        optimalSchedule(chain, budget)?.seconds ?? Infinity,
        fastestOfAll(chain, budget),
      );
    }),
    { numRuns: 60 },
  );
});

Deno.test("no schedule is faster, with tapes and inputs of one size each", () => {
  fc.assert(
    fc.property(short(equalSizes), fc.integer({ min: 1, max: 9 }), (chain, budget) => {
      assertEquals(
        optimalSchedule(chain, budget)?.seconds ?? Infinity,
        fastestOfAll(chain, budget),
      );
    }),
    { numRuns: 60 },
  );
});

Deno.test("with unequal sizes dropping early can be faster, but never by much in short chains", () => {
  let worst = 1;
  fc.assert(
    fc.property(short(sized), fc.integer({ min: 2, max: 14 }), (chain, budget) => {
      const found = optimalSchedule(chain, budget)?.seconds ?? Infinity;
      const best = fastestOfAll(chain, budget);
      assert(found >= best);
      if (best < Infinity && found < Infinity) worst = Math.max(worst, found / best);
    }),
    { numRuns: 100, seed: 18 },
  );
  assert(worst < 1.3);
});

Deno.test("a schedule does what it says: replayed, it takes its time and stays in its memory", () => {
  fc.assert(fc.property(
    fc.array(sized, { minLength: 1, maxLength: 12 }),
    fc.integer({ min: 1, max: 40 }),
    (chain, budget) => {
      const found = optimalSchedule(chain, budget);
      if (!found) return;
      const { seconds, peak } = replay(chain, found.operations);
      assertAlmostEquals(seconds, found.seconds, 1e-9);
      assert(peak <= budget);
    },
  ));
});

Deno.test("it is never slower than segments of the same memory, and everything fits in enough", () => {
  const chain = uniformChain(36);
  const segments = replay(chain, segmentSchedule(chain, 6));
  assert(optimalSchedule(chain, segments.peak)!.seconds <= segments.seconds);
  const all = optimalSchedule(chain, 36)!;
  assertEquals(all.seconds, sum(chain.map(({ forward, backward }) => forward + backward)));
});

Deno.test("sizes that are no units are rounded up, so that a schedule never needs more than its budget", () => {
  const chain = uniformChain(12, { forward: 1, backward: 2, input: 1.3e9, tape: 7.7e9 });
  for (const budget of [20e9, 33.3e9, 60e9]) {
    const { operations } = optimalSchedule(chain, budget)!;
    assert(replay(chain, operations).peak <= budget);
  }
});

Deno.test("optimalSchedule() says when no memory is enough, and refuses what is none", () => {
  assertEquals(optimalSchedule(uniformChain(4), 1), undefined);
  assertThrows(() => optimalSchedule([], 1), RangeError, "must have a stage");
  assertThrows(() => optimalSchedule(uniformChain(2), NaN), RangeError, "the budget");
  assertThrows(() => optimalSchedule(uniformChain(2), 2, 0), RangeError, "the unit");
});

Deno.test("memoryFrontier() falls from the least memory to no recomputation, and each point is an optimum", () => {
  const chain = uniformChain(16, { forward: 1, backward: 2, input: 1, tape: 4 });
  const points = memoryFrontier(chain, 64, 64);
  assertEquals(points.at(-1), { bytes: 64, seconds: 48 });
  for (const [index, { bytes, seconds }] of points.entries()) {
    assertEquals(optimalSchedule(chain, bytes, 1)!.seconds, seconds);
    if (index > 0) assert(seconds < points[index - 1]!.seconds);
  }
  assertEquals(memoryFrontier(chain).at(-1)!.bytes, 64);
  assertThrows(() => memoryFrontier([{ forward: 1, backward: 1, input: 1 }]), RangeError, "budget");
});
