import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  hostLink,
  recomputationCosts,
  recomputationSplit,
  recomputationSplitFormula,
  splitTime,
} from "@fewer-bytes/cache";

const time = fc.double({ min: 0, max: 10, noNaN: true });

Deno.test("recomputationSplit() is as fast as the best of all splits, tried one after the other", () => {
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 60 }),
    fc.record({ load: time, loadInput: time, recompute: time }),
    (tokens, costs) => {
      let best = Infinity;
      for (let recomputed = 0; recomputed <= tokens; recomputed++) {
        const link = costs.load * (tokens - recomputed);
        const device = costs.recompute * recomputed;
        best = Math.min(best, costs.loadInput * recomputed + (link > device ? link : device));
      }
      const split = recomputationSplit(tokens, costs);
      assertAlmostEquals(split.seconds, best, 1e-9);
      assertAlmostEquals(splitTime(tokens, split.recomputed, costs), split.seconds, 1e-12);
    },
  ));
});

Deno.test("recomputationSplit() recomputes nothing when inputs are larger than keys and values, and balances when they are free", () => {
  assertEquals(recomputationSplit(1000, { load: 1, loadInput: 2, recompute: 0 }).recomputed, 0);
  const costs = { load: 3, loadInput: 0, recompute: 2 };
  assertEquals(
    recomputationSplit(1000, costs).recomputed,
    recomputationSplitFormula.evaluate({ tokens: 1000, ...costs }),
  );
});

Deno.test("recomputationCosts() makes recomputing pay for multi-head attention, and not for eight query heads to a key", () => {
  const hardware = findHardware("nvidia-a100-sxm-80gb");
  const multi = recomputationCosts(findModel("llama-2-7b"), hardware);
  assertAlmostEquals(multi.load / multi.loadInput, 2, 1e-12);
  assertAlmostEquals(multi.load, 2 * 4096 * 2 / hostLink(hardware), 1e-15);
  assert(recomputationSplit(10_000, multi).seconds < 0.8 * 10_000 * multi.load);
  const grouped = recomputationCosts(findModel("llama-3.1-70b"), hardware);
  assertAlmostEquals(grouped.loadInput / grouped.load, 4, 1e-12);
  assertEquals(recomputationSplit(10_000, grouped).recomputed, 0);
  const there = recomputationCosts(findModel("llama-3.1-70b"), hardware, {
    inputs: "device",
    batch: 8,
  });
  assertEquals(there.loadInput, 0);
  assertAlmostEquals(there.load, 8 * grouped.load, 1e-15);
  assert(recomputationSplit(10_000, there).recomputed > 0);
});

Deno.test("recomputationCosts() refuses latents, and hardware without a link to a host", () => {
  assertThrows(
    () => recomputationCosts(findModel("deepseek-v3"), findHardware("nvidia-h100-sxm")),
    RangeError,
    "attention must have heads",
  );
  assertThrows(
    () => hostLink(findHardware("apple-m4-max")),
    RangeError,
    "apple-m4-max has no PCIe link",
  );
  assertThrows(
    () => recomputationSplit(10, { load: -1, loadInput: 0, recompute: 0 }),
    RangeError,
    "load must be a finite number >= 0: current value is -1",
  );
  assertThrows(
    () => recomputationSplit(1.5, { load: 1, loadInput: 0, recompute: 0 }),
    RangeError,
    "tokens",
  );
});
