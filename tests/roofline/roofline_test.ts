import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { findHardware, hardwareCatalog } from "@fewer-bytes/catalog";
import {
  attainableRate,
  attainableRateFormula,
  peakRate,
  ridgePoint,
  ridgePointFormula,
} from "@fewer-bytes/roofline";

const b200 = findHardware("nvidia-b200");

Deno.test("ridgePoint() of a B200 is 562.5 in FP8, half that in BF16, twice that in FP4", () => {
  assertEquals([ridgePoint(b200, "fp8"), ridgePoint(b200, "bf16"), ridgePoint(b200, "fp4")], [
    562.5,
    281.25,
    1125,
  ]);
});

Deno.test("ridgePoint() and attainableRate() compute the printed formulas", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...hardwareCatalog),
      fc.double({ min: 0, max: 1e5, noNaN: true }),
      (hardware, intensity) => {
        const format = hardware.peak.bf16 ? "bf16" : "fp32";
        const values = {
          peak: peakRate(hardware, format),
          bandwidth: hardware.memory[0].bandwidth,
          intensity,
        };
        assertAlmostEquals(ridgePoint(hardware, format), ridgePointFormula.evaluate(values), 1e-9);
        assertAlmostEquals(
          attainableRate(hardware, intensity, format),
          attainableRateFormula.evaluate(values),
          1,
        );
      },
    ),
  );
});

Deno.test("attainableRate() meets the peak at the ridge, and never exceeds it", () => {
  for (const hardware of hardwareCatalog) {
    const ridge = ridgePoint(hardware, "fp32");
    assertAlmostEquals(
      attainableRate(hardware, ridge, "fp32"),
      peakRate(hardware, "fp32"),
      1e-6 * peakRate(hardware, "fp32"),
    );
    assertEquals(attainableRate(hardware, 10 * ridge, "fp32"), peakRate(hardware, "fp32"));
    assertAlmostEquals(
      attainableRate(hardware, ridge / 2, "fp32"),
      peakRate(hardware, "fp32") / 2,
      1e-6 * peakRate(hardware, "fp32"),
    );
  }
  assertThrows(() => attainableRate(b200, -1), RangeError, "intensity");
  assertThrows(() => attainableRate(b200, NaN), RangeError, "intensity");
});
