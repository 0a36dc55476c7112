import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  microBatchesFor,
  microBatchFormula,
  pingPong,
  pingPongTurns,
} from "@fewer-bytes/disaggregation";
import fc from "fast-check";

// Whole numbers: ties are exact.
const time = fc.integer({ min: 1, max: 50 });
const times = fc.record({ attention: time, feedForward: time, transfer: time });
const count = fc.integer({ min: 1, max: 8 });

Deno.test("pingPong() ends when the last turn ends", () => {
  fc.assert(fc.property(times, count, count, (times, microBatches, layers) => {
    const end = Math.max(...pingPongTurns(times, microBatches, layers).map((turn) => turn.end));
    assertAlmostEquals(pingPong(times, microBatches, layers).seconds, end, 1e-9 * end);
  }));
});

Deno.test("pingPong() is MegaScale-Infer's total, (Ta + Te + 2 Tc) + Tf (m L - 1), when the way is hidden", () => {
  fc.assert(fc.property(times, count, count, (times, microBatches, layers) => {
    const { seconds, overlaps } = pingPong(times, microBatches, layers);
    const { attention, feedForward, transfer } = times;
    const slower = Math.max(attention, feedForward);
    fc.pre(overlaps);
    const total = attention + feedForward + 2 * transfer + slower * (microBatches * layers - 1);
    assertAlmostEquals(seconds, total, 1e-9 * total);
  }));
});

Deno.test("microBatchesFor() is the smallest number with which the slower side never waits", () => {
  fc.assert(fc.property(times, (times) => {
    const needed = microBatchesFor(times);
    if (needed === Infinity) {
      assert(!pingPong(times, 1000, 2).overlaps);
    } else {
      assert(pingPong(times, needed, 2).overlaps);
      assert(needed === 1 || !pingPong(times, needed - 1, 2).overlaps);
    }
  }));
});

Deno.test("microBatchesFor() is the printed condition when both sides take equally long", () => {
  fc.assert(
    fc.property(time, fc.integer({ min: 0, max: 99 }).map((x) => x / 100), (side, share) => {
      const found = microBatchesFor({ attention: side, feedForward: side, transfer: share * side });
      const exact = microBatchFormula.evaluate({ Tc: share * side, Tf: side });
      assertEquals(found, Math.ceil(exact - 1e-9));
    }),
  );
});

Deno.test("pingPong() keeps both sides busy only when they take equally long", () => {
  const { attentionUse, feedForwardUse } = pingPong(
    { attention: 1, feedForward: 2, transfer: 0.1 },
    8,
    4,
  );
  assertEquals([attentionUse, feedForwardUse], [0.5, 1]);
});

Deno.test("pingPongTurns() lets no unit do two things at once, and no micro-batch be at two places", () => {
  const turns = pingPongTurns({ attention: 3, feedForward: 2, transfer: 1 }, 3, 4);
  for (const key of ["unit", "microBatch"] as const) {
    for (const value of new Set(turns.map((turn) => turn[key]))) {
      const own = turns.filter((turn) => turn[key] === value).sort((a, b) => a.start - b.start);
      own.forEach((turn, at) => assert(at === 0 || own[at - 1]!.end <= turn.start));
    }
  }
  assertEquals(turns.length, 3 * 4 * 4);
});

Deno.test("pingPong() refuses times and counts that are none", () => {
  const good = { attention: 1, feedForward: 1, transfer: 0 };
  assertThrows(() => pingPong({ ...good, attention: 0 }, 1, 1), RangeError, "attention");
  assertThrows(() => pingPong({ ...good, transfer: -1 }, 1, 1), RangeError, "transfer");
  assertThrows(() => pingPong(good, 0, 1), RangeError, "microBatches");
  assertThrows(() => pingPongTurns(good, 1, 1.5), RangeError, "layers");
  assertThrows(() => microBatchesFor({ ...good, feedForward: NaN }), RangeError, "feed-forward");
});
