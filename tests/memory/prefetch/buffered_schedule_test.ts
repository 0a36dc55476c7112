import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  bufferedSchedule,
  doubleBufferFormula,
  prefetchDistance,
  steadyRound,
} from "@fewer-bytes/memory";

const time = fc.integer({ min: 0, max: 20 });
const chain = fc.array(fc.record({ load: time, compute: time }), { minLength: 1, maxLength: 12 });

/** The same machine, tick by tick: one link, one device, a shelf of buffers. */
function tick(stages: { load: number; compute: number }[], buffers: number): number {
  let loaded = 0, done = 0, loading = 0, computing = 0, clock = 0;
  const step = () => {
    let moved = true;
    while (moved) {
      moved = false;
      if (done < loaded && computing === stages[done]!.compute) {
        [done, computing, moved] = [done + 1, 0, true];
      }
      if (loaded < stages.length && loaded - done < buffers && loading === stages[loaded]!.load) {
        [loaded, loading, moved] = [loaded + 1, 0, true];
      }
    }
  };
  for (step(); done < stages.length; step()) {
    clock++;
    const [mayLoad, mayCompute] = [
      loaded < stages.length && loaded - done < buffers,
      done < loaded,
    ];
    if (mayLoad) loading++;
    if (mayCompute) computing++;
  }
  return clock;
}

Deno.test("bufferedSchedule() is a machine run tick by tick", () => {
  fc.assert(fc.property(chain, fc.integer({ min: 1, max: 5 }), (stages, buffers) => {
    assertEquals(bufferedSchedule(stages, buffers).seconds, tick(stages, buffers));
  }));
});

Deno.test("equal stages: the sum with one buffer, load + (n - 1) longer + compute with two or more", () => {
  fc.assert(fc.property(time, time, fc.integer({ min: 1, max: 20 }), (load, compute, n) => {
    const stages = Array.from({ length: n }, () => ({ load, compute }));
    const seconds = (buffers: number) => bufferedSchedule(stages, buffers).seconds;
    assertEquals(seconds(1), n * (load + compute));
    for (const buffers of [2, 3, 9]) {
      assertEquals(seconds(buffers), load + (n - 1) * Math.max(load, compute) + compute);
      assertEquals(seconds(buffers), doubleBufferFormula.evaluate({ load, compute, n }));
    }
  }));
});

Deno.test("more buffers never take longer; nothing beats the loads or the work; double buffering halves at most", () => {
  fc.assert(fc.property(chain, (stages) => {
    const times = [1, 2, 3, 20].map((buffers) => bufferedSchedule(stages, buffers));
    const work = stages.reduce((sum, { compute }) => sum + compute, 0);
    const loads = stages.reduce((sum, { load }) => sum + load, 0);
    times.forEach(({ seconds, speedup, exposed }, index) => {
      assert(index === 0 || seconds <= times[index - 1]!.seconds);
      assert(seconds >= Math.max(work, loads) && speedup <= 2);
      assertEquals(exposed, seconds - work);
    });
  }));
});

Deno.test("buffers are never more than there are, and loads are done before work begins", () => {
  fc.assert(fc.property(chain, fc.integer({ min: 1, max: 4 }), (stages, buffers) => {
    const { stages: plans } = bufferedSchedule(stages, buffers);
    plans.forEach(({ load, compute }, index) => {
      assert(compute.begin >= load.end);
      if (index >= buffers) assert(load.begin >= plans[index - buffers]!.compute.end);
    });
  }));
});

Deno.test("steadyRound() is the longer of loads and work, when stages are alike and buffers two", () => {
  fc.assert(fc.property(time, time, fc.integer({ min: 2, max: 9 }), (load, compute, n) => {
    const stages = Array.from({ length: n }, () => ({ load, compute }));
    assertAlmostEquals(steadyRound(stages, 2), n * Math.max(load, compute), 1e-9);
    assertAlmostEquals(steadyRound(stages, 1), n * (load + compute), 1e-9);
  }));
  assertEquals(steadyRound([], 2), 0);
});

Deno.test("prefetchDistance() is the stages that a load takes", () => {
  assertEquals([prefetchDistance(0, 1), prefetchDistance(1, 1), prefetchDistance(2.5, 1)], [
    0,
    1,
    3,
  ]);
  assertThrows(() => prefetchDistance(1, 0), RangeError, "must be > 0");
  assertThrows(() => prefetchDistance(-1, 1), RangeError, "the arrival");
});

Deno.test("a schedule refuses times that are none, and no buffer", () => {
  assertThrows(() => bufferedSchedule([{ load: -1, compute: 1 }], 2), RangeError, "a load");
  assertThrows(() => bufferedSchedule([{ load: 1, compute: NaN }], 2), RangeError, "a computation");
  assertThrows(() => bufferedSchedule([], 0), RangeError, "buffers");
  assertEquals(bufferedSchedule([], 1), { seconds: 0, exposed: 0, speedup: 1, stages: [] });
});
