import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  batchGain,
  pagedWaste,
  pagedWasteFormula,
  reservationWaste,
  reservationWasteFormula,
} from "@fewer-bytes/paging";

const size = fc.integer({ min: 1, max: 4096 });

Deno.test("the displayed formulas are the functions", () => {
  fc.assert(fc.property(size, size, (a, b) => {
    const [mean, maximum] = [Math.min(a, b), Math.max(a, b)];
    assertAlmostEquals(
      reservationWaste(mean, maximum),
      reservationWasteFormula.evaluate({ mean, maximum }),
    );
    assertAlmostEquals(pagedWaste(a, b), pagedWasteFormula.evaluate({ mean: a, block: b }));
  }));
});

Deno.test("pagedWaste() is what blocks of lengths that fall anywhere leave empty, counted one by one", () => {
  for (const blockSize of [1, 2, 16, 64]) {
    let empty = 0, taken = 0, tokens = 0, count = 0;
    for (let length = 257; length <= 256 + 8 * 64; length++, count++) {
      const blocks = Math.ceil(length / blockSize) * blockSize;
      empty += blocks - length;
      taken += blocks;
      tokens += length;
    }
    assertAlmostEquals(pagedWaste(tokens / count, blockSize), empty / taken, 1e-12);
  }
});

Deno.test("the seeds' claims: four fifths with reservation, almost nothing with pages, two to five times the batch", () => {
  assertAlmostEquals(reservationWaste(395, 2048), 0.807, 1e-3);
  assert(pagedWaste(395, 16) < 0.02);
  assertAlmostEquals(batchGain(0.62, 0.037), 2.53, 0.01);
  assertAlmostEquals(batchGain(0.796, 0.037), 4.72, 0.01);
});

Deno.test("waste refuses means above the maximum, and batches of nothing", () => {
  assertThrows(() => reservationWaste(3000, 2048), RangeError, "must be <= the maximum 2048");
  assertThrows(() => reservationWaste(NaN, 2048), RangeError, "the mean");
  assertThrows(() => pagedWaste(100, 0), RangeError, "blockSize");
  assertThrows(() => pagedWaste(0, 16), RangeError, "the mean");
  assertThrows(() => batchGain(1, 0), RangeError, "the waste before must be < 1");
  assertThrows(() => batchGain(0, -0.1), RangeError, "the waste after");
});
