import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  longestWindow,
  persistenceFor,
  windowReads,
  windowReadsFormula,
} from "@fewer-bytes/offload";
import fc from "fast-check";

const activity = fc.double({ min: 0.01, max: 0.4, noNaN: true });
const persistence = fc.double({ min: 0.4, max: 0.99, noNaN: true });
const window = fc.integer({ min: 0, max: 12 });

Deno.test("windowReads() of independent tokens is the printed formula", () => {
  fc.assert(fc.property(activity, window, (share, tokens) => {
    assertAlmostEquals(
      windowReads({ activity: share }, tokens).loaded,
      windowReadsFormula.evaluate({ activity: share, window: tokens }),
      1e-12,
    );
  }));
});

Deno.test("windowReads() of a chain is what summing over all histories gives", () => {
  // Brute force: the chance of every sequence of awake and asleep.
  const [a, b] = [0.1, 0.7];
  const wake = a * (1 - b) / (1 - a);
  for (const tokens of [1, 2, 3, 5]) {
    let loaded = 0, resident = 0;
    for (let history = 0; history < 2 ** (tokens + 1); history++) {
      let chance = 1, before: number | undefined;
      for (let token = 0; token <= tokens; token++) {
        const awake = history >> token & 1;
        const rate = before === undefined ? a : before ? b : wake;
        chance *= awake ? rate : 1 - rate;
        before = awake;
      }
      if (history > 0) resident += chance;
      if (history === 1 << tokens) loaded += chance; // awake now, and never before
    }
    const own = windowReads({ activity: a, persistence: b }, tokens);
    assertAlmostEquals(own.loaded, loaded, 1e-12);
    assertAlmostEquals(own.resident, resident, 1e-12);
  }
});

Deno.test("windowReads() reads less and holds more with each token, and saves less with each", () => {
  fc.assert(fc.property(activity, persistence, window, (share, stays, tokens) => {
    const at = (more: number) =>
      windowReads({ activity: share, persistence: stays }, tokens + more);
    const [one, two, three] = [at(0), at(1), at(2)];
    assert(one.loaded >= two.loaded && one.resident <= two.resident);
    assert(tokens === 0 || one.loaded - two.loaded >= two.loaded - three.loaded - 1e-15);
    // What a token reads is what the next window holds more.
    assertAlmostEquals(two.resident - one.resident, two.loaded, 1e-12);
  }));
});

Deno.test("windowReads() is near OPT-6.7B's 2.4 % at a window of five (LLM in a flash, 4.1)", () => {
  const persistence = persistenceFor(0.1, 5, 0.24);
  assertAlmostEquals(windowReads({ activity: 0.1, persistence }, 5).loaded, 0.024, 0.003);
});

Deno.test("longestWindow() is the last one that fits", () => {
  fc.assert(
    fc.property(
      activity,
      persistence,
      fc.double({ min: 0.41, max: 0.9, noNaN: true }),
      (share, stays, room) => {
        const neurons = { activity: share, persistence: stays };
        const longest = longestWindow(neurons, room);
        assert(windowReads(neurons, longest).resident <= room + 1e-9);
        assert(windowReads(neurons, longest + 1).resident > room - 1e-9);
      },
    ),
  );
  assertEquals(longestWindow({ activity: 0.1, persistence: 1 }, 0.2), Infinity);
});

Deno.test("windows refuse room for less than a token", () => {
  assertThrows(() => longestWindow({ activity: 0.1 }, 0.05), RangeError, "at least the activity");
  assertThrows(() => windowReads({ activity: 0.1 }, -1), RangeError, "window");
});
