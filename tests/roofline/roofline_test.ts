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

Deno.test("peakRate() converts to a wider format where a device has no units for one", () => {
  const a100 = findHardware("nvidia-a100-sxm-80gb");
  assertEquals(peakRate(a100, "fp8"), a100.peak.bf16);
  assertEquals(
    peakRate(findHardware("nvidia-h100-sxm"), "int4"),
    findHardware("nvidia-h100-sxm").peak.int8,
  );
  assertEquals(peakRate(findHardware("nvidia-v100-sxm-32gb"), "bf16"), 125e12);
  assertThrows(
    () => peakRate({ ...a100, peak: { fp16: 1 } }, "fp64"),
    RangeError,
    "fp64 on nvidia-a100-sxm-80gb",
  );
});
