import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { persistenceFor, wakeChance, windowReads } from "@fewer-bytes/offload";
import fc from "fast-check";

Deno.test("wakeChance() keeps the activity: as many wake as fall asleep", () => {
  fc.assert(fc.property(
    fc.double({ min: 0.01, max: 0.5, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    (activity, persistence) => {
      const wake = wakeChance({ activity, persistence });
      assertAlmostEquals(activity * persistence + (1 - activity) * wake, activity, 1e-12);
    },
  ));
  assertEquals(wakeChance({ activity: 0 }), 0);
});

Deno.test("wakeChance() of independent tokens is the activity", () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 0.99, noNaN: true }), (activity) => {
    assertAlmostEquals(wakeChance({ activity }), activity, 1e-12);
  }));
});

Deno.test("persistenceFor() undoes windowReads()", () => {
  fc.assert(fc.property(
    fc.double({ min: 0.02, max: 0.3, noNaN: true }),
    fc.double({ min: 0.3, max: 0.95, noNaN: true }),
    fc.integer({ min: 1, max: 10 }),
    (activity, persistence, window) => {
      const { resident } = windowReads({ activity, persistence }, window);
      assertAlmostEquals(persistenceFor(activity, window, resident), persistence, 1e-6);
    },
  ));
});

Deno.test("neurons refuse shares that are none", () => {
  assertThrows(() => wakeChance({ activity: 1 }), RangeError, "activity");
  assertThrows(() => wakeChance({ activity: 0.5, persistence: 1.1 }), RangeError, "persistence");
  assertThrows(() => wakeChance({ activity: 0.9, persistence: 0.1 }), RangeError, "at least 0.88");
  assertThrows(() => persistenceFor(0.1, 5, 0.05), RangeError, "at least the activity");
  assertThrows(() => persistenceFor(0.1, 1, 0.9), RangeError, "cannot hold so much");
  assertThrows(() => persistenceFor(0.1, 0, 0.2), RangeError, "window");
});
