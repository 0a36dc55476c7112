import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { pingPong } from "@fewer-bytes/disaggregation";
import { scheduleSubBatches, type SubBatch } from "@fewer-bytes/pim";
import fc from "fast-check";

const time = fc.integer({ min: 0, max: 9 }); // whole numbers: ties are exact
const batches = (count: number) =>
  fc.array(fc.record({ processor: time, memory: time }), { minLength: count, maxLength: count });

/** The shortest schedule there is: every order of turns is tried, each turn as early as it can. */
function shortest(batches: readonly SubBatch[], layers: number, concurrent: boolean): number {
  let best = Infinity;
  const go = (done: number[], ready: number[], processor: number, memory: number, end: number) => {
    if (end >= best) return;
    if (done.every((count) => count === 2 * layers)) {
      best = end;
      return;
    }
    done.forEach((count, index) => {
      if (count === 2 * layers) return;
      const outside = count % 2 === 0;
      const start = Math.max(ready[index]!, outside ? processor : memory);
      const stop = start + (outside ? batches[index]!.processor : batches[index]!.memory);
      go(
        done.with(index, count + 1),
        ready.with(index, stop),
        outside || !concurrent ? stop : processor,
        !outside || !concurrent ? stop : memory,
        Math.max(end, stop),
      );
    });
  };
  go(batches.map(() => 0), batches.map(() => 0), 0, 0, 0);
  return best;
}

Deno.test("blocked banks take the sum of all times, however many sub-batches: no order is shorter", () => {
  fc.assert(
    fc.property(batches(2), (parts) => {
      const sum = 2 * parts.reduce((total, part) => total + part.processor + part.memory, 0);
      assertEquals(scheduleSubBatches(parts, 2, false).seconds, sum);
      assertEquals(shortest(parts, 2, false), sum);
    }),
    { numRuns: 30 },
  );
});

Deno.test("equal halves are scheduled as short as any order of turns can be", () => {
  fc.assert(
    fc.property(time, time, fc.integer({ min: 1, max: 3 }), (processor, memory, layers) => {
      const halves = [{ processor, memory }, { processor, memory }];
      assertEquals(
        scheduleSubBatches(halves, layers, true).seconds,
        shortest(halves, layers, true),
      );
    }),
    { numRuns: 60 },
  );
});

Deno.test("unequal sub-batches are scheduled within half of the shortest, and never below a unit's work", () => {
  fc.assert(
    fc.property(batches(2), (parts) => {
      const { seconds } = scheduleSubBatches(parts, 2, true);
      const best = shortest(parts, 2, true);
      const work = (unit: keyof SubBatch) => 2 * parts.reduce((sum, part) => sum + part[unit], 0);
      assert(seconds >= best && best >= Math.max(work("processor"), work("memory")));
      assert(seconds <= 1.5 * best, `${JSON.stringify(parts)} ${seconds} ${best}`);
    }),
    { numRuns: 60 },
  );
});

Deno.test("equal sub-batches take as long as MegaScale-Infer's ping-pong without a network", () => {
  const positive = fc.integer({ min: 1, max: 50 });
  const count = fc.integer({ min: 1, max: 6 });
  fc.assert(fc.property(positive, positive, count, count, (processor, memory, parts, layers) => {
    const found = scheduleSubBatches(Array(parts).fill({ processor, memory }), layers, true);
    const turns = { attention: processor, feedForward: memory, transfer: 0 };
    const { seconds } = pingPong(turns, parts, layers);
    assertAlmostEquals(found.seconds, seconds, 1e-9 * seconds);
  }));
});

Deno.test("no unit does two things at once, no sub-batch is at two places, and blocked banks do one thing", () => {
  fc.assert(fc.property(batches(3), fc.boolean(), (parts, concurrent) => {
    const { turns, seconds, processorUse, memoryUse } = scheduleSubBatches(parts, 3, concurrent);
    assertEquals(turns.length, 3 * 3 * 2);
    const apart = (own: typeof turns) => {
      const sorted = own.toSorted((a, b) => a.start - b.start || a.end - b.end);
      sorted.forEach((turn, at) => assert(at === 0 || sorted[at - 1]!.end <= turn.start));
    };
    for (const unit of ["processor", "memory"]) apart(turns.filter((turn) => turn.unit === unit));
    for (const part of [0, 1, 2]) apart(turns.filter((turn) => turn.subBatch === part));
    if (!concurrent) {
      apart(turns);
      if (seconds > 0) assertAlmostEquals(processorUse + memoryUse, 1, 1e-12);
    }
  }));
});

Deno.test("scheduleSubBatches() refuses nothing, and times that are none", () => {
  assertThrows(() => scheduleSubBatches([], 1, true), RangeError, "sub-batches");
  assertThrows(
    () => scheduleSubBatches([{ processor: 1, memory: 1 }], 0, true),
    RangeError,
    "layers",
  );
  assertThrows(
    () => scheduleSubBatches([{ processor: -1, memory: 1 }], 1, true),
    RangeError,
    "processor",
  );
  assertEquals(scheduleSubBatches([{ processor: 0, memory: 0 }], 1, true).processorUse, 0);
});
