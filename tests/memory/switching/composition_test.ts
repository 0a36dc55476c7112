import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { compositionTime, runForSpeedup } from "@fewer-bytes/memory";
import { seeded } from "@fewer-bytes/numeric";

const setup = { models: 50, bytes: 14e9, fast: 140e9, bandwidth: 64e9, run: 0.2 };

Deno.test("the miss rate of requests for all alike is what a memory of recently used models shows", () => {
  const random = seeded(7);
  const held: number[] = [];
  let misses = 0;
  const requests = 40_000;
  for (let request = 0; request < requests; request++) {
    const model = Math.floor(random.uniform() * setup.models);
    const place = held.indexOf(model);
    if (place < 0) misses++;
    else held.splice(place, 1);
    held.unshift(model);
    if (held.length > 10) held.pop();
  }
  assertAlmostEquals(compositionTime(setup).missRate, misses / requests, 0.01);
});

Deno.test("when switching is all, machines differ by their links; when nothing is, by their work", () => {
  const ratio = (missRate: number) =>
    compositionTime(setup, missRate).seconds /
    compositionTime({ ...setup, bandwidth: 1e12 }, missRate).seconds;
  assertEquals(ratio(0), 1);
  assert(ratio(0.5) > 1 && ratio(0.5) < ratio(1));
  assertAlmostEquals(
    compositionTime({ ...setup, run: 0 }, 1).seconds /
      compositionTime({ ...setup, run: 0, bandwidth: 1e12 }, 1).seconds,
    1e12 / 64e9,
    1e-9,
  );
});

Deno.test("all models in fast memory never switch", () => {
  const { missRate, switchingShare } = compositionTime({ ...setup, models: 10 });
  assertEquals([missRate, switchingShare], [0, 0]);
});

Deno.test("a composition refuses a memory for no model, and chances that are none", () => {
  assertThrows(() => compositionTime({ ...setup, fast: 1e9 }), RangeError, "the fast memory");
  assertThrows(() => compositionTime(setup, 1.5), RangeError, "from 0 to 1");
  assertThrows(() => compositionTime({ ...setup, models: 0 }), RangeError, "models");
});

Deno.test("runForSpeedup() is the run that gives the speedup, and 3.7 and 6.6 have one in common", () => {
  for (const speedup of [1.5, 3.7, 15]) {
    const run = runForSpeedup(speedup, 14 / 64, 14 / 1000);
    const machine = (bandwidth: number) => compositionTime({ ...setup, bandwidth, run }, 1).seconds;
    assertAlmostEquals(machine(64e9) / machine(1000e9), speedup, 1e-9);
  }
  const both = [runForSpeedup(3.7, 14 / 64, 14 / 1000), runForSpeedup(6.6, 14 / 32, 14 / 1000)];
  assertAlmostEquals(both[0]! / both[1]!, 1, 0.02);
  assertThrows(() => runForSpeedup(16, 14 / 64, 14 / 1000), RangeError, "at most 15.625");
  assertThrows(() => runForSpeedup(1, 2, 1), RangeError, "above 1");
});
