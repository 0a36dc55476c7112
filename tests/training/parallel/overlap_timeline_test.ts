import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { overlapFormula, overlapTimeline } from "@fewer-bytes/training";
import fc from "fast-check";

const seconds = fc.double({ min: 0.001, max: 10, noNaN: true });

Deno.test("the timeline ends where its printed formula says", () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 64 }), seconds, seconds, (n, wave, turn) => {
    const found = overlapTimeline({ devices: n, multiply: n * wave, turn }).seconds;
    const wanted = overlapFormula.evaluate({ wave, turn, n });
    assertAlmostEquals(found, wanted, 1e-9 * wanted);
  }));
});

Deno.test("no chunk is sent before it is made, and no link carries two at once", () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 20 }), seconds, seconds, (n, multiply, turn) => {
    const { events, seconds: end } = overlapTimeline({ devices: n, multiply, turn });
    const made = events.filter(({ lane }) => lane === "multiply");
    const sent = events.filter(({ lane }) => lane === "send");
    assertEquals([made.length, sent.length], [n, n - 1]);
    sent.forEach(({ from, to, chunk }, index) => {
      assert(from >= made[chunk]!.to && to <= end + 1e-9);
      if (index > 0) assert(from >= sent[index - 1]!.to - 1e-9);
    });
  }));
});

Deno.test("overlap gains at most the shorter of both, and nothing when there is nothing to send", () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 20 }), seconds, seconds, (n, multiply, turn) => {
    const { seconds: found, sequential } = overlapTimeline({ devices: n, multiply, turn });
    assert(found <= sequential + 1e-9);
    assert(sequential - found <= Math.min(multiply, (n - 1) * turn) + 1e-9);
  }));
  const nothing = overlapTimeline({ devices: 4, multiply: 1, turn: 0 });
  assertEquals([nothing.seconds, nothing.sequential], [1, 1]);
});

Deno.test("times that are none are refused", () => {
  assertThrows(() => overlapTimeline({ devices: 1, multiply: 1, turn: 1 }), RangeError, "devices");
  assertThrows(
    () => overlapTimeline({ devices: 2, multiply: NaN, turn: 1 }),
    RangeError,
    "multipl",
  );
});
