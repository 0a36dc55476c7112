import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { hardwareCatalog } from "@fewer-bytes/catalog";
import { fastestRate, growthPerGeneration, shoreline } from "@fewer-bytes/roofline";

Deno.test("growthPerGeneration() of four NVIDIA generations is near the ratio of its ends", () => {
  // V100 to B200 in three steps: FP16 125 to 2250, the fastest format 125 to 9000 TFLOP/s, memory 0.9 to 8 TB/s.
  const half = growthPerGeneration(hardwareCatalog, ({ peak }) => peak.fp16);
  const fastest = growthPerGeneration(hardwareCatalog, fastestRate);
  const bandwidth = growthPerGeneration(hardwareCatalog, ({ memory }) => memory[0].bandwidth);
  assertAlmostEquals(half, Math.cbrt(2250 / 125), 0.1);
  assertAlmostEquals(fastest, Math.cbrt(9000 / 125), 0.3);
  assertAlmostEquals(bandwidth, Math.cbrt(8 / 0.9), 0.1);
});

Deno.test("growthPerGeneration() refuses a line of fewer than two generations", () => {
  assertThrows(() => growthPerGeneration([], () => 1), RangeError, "two distinct steps");
  assertThrows(() => growthPerGeneration(hardwareCatalog, () => undefined), RangeError);
});

Deno.test("shoreline() agrees with counting cells and border cells of a square", () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 60 }), (edge) => {
    let area = 0, perimeter = 0;
    for (let x = 0; x < edge; x++) {
      for (let y = 0; y < edge; y++) {
        area++;
        perimeter += Number(x === 0) + Number(x === edge - 1) + Number(y === 0) +
          Number(y === edge - 1);
      }
    }
    assertEquals(shoreline(edge), {
      compute: area,
      bandwidth: perimeter / 4,
      ridge: area / (perimeter / 4),
    });
  }));
});
