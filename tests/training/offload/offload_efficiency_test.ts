import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import {
  activationIntensityFormula,
  offloadEfficiency,
  offloadEfficiencyFormula,
  optimizerIntensityFormula,
  parameterIntensityFormula,
  requiredBandwidth,
} from "@fewer-bytes/training";
import fc from "fast-check";

const peak = 70e12; // what a V100 reaches, by the paper

Deno.test("ZeRO-Infinity's readings: 70 GB/s for weights, 1.5 TB/s for the optimizer, 1 to 2 GB/s for activations", () => {
  const weights = parameterIntensityFormula.evaluate({ seq: 1024, bsz: 1 });
  assert(offloadEfficiency(weights, 70e9, peak) > 0.5); // "over 50 %, even for the smallest batch"
  const optimizer = optimizerIntensityFormula.evaluate({ seq: 1024, bsz: 2 });
  assert(offloadEfficiency(optimizer, 1.5e12, peak) > 0.9); // "90 % with batch 2 needs nearly 1.5 TB/s"
  assertAlmostEquals(requiredBandwidth(0.9, optimizer, peak) / 1e12, 1.23, 0.01);
  const activations = (hd: number) => activationIntensityFormula.evaluate({ hd, ci: 1 });
  assert(offloadEfficiency(activations(2048), 2e9, peak) > 0.5); // "2 GB/s sustain over 50 % at a width of 2K"
  assert(offloadEfficiency(activations(8192), 1e9, peak) > 0.5); // "less than 1 GB/s beyond 8K"
});

// Table 3 of the paper: devices 10 and 100 times as fast as a V100 need 10 and 100 times the bandwidth.
Deno.test("the required bandwidth grows with the device", () => {
  const need = (times: number) => requiredBandwidth(0.9, 1024, times * peak);
  assertAlmostEquals(need(100) / need(10), 10, 1e-9);
});

Deno.test("offloadEfficiency() is its printed formula, and requiredBandwidth() turns it around", () => {
  fc.assert(fc.property(
    fc.double({ min: 1, max: 1e6, noNaN: true }),
    fc.double({ min: 1e6, max: 1e13, noNaN: true }),
    fc.double({ min: 1e10, max: 1e16, noNaN: true }),
    (ait, bw, top) => {
      const found = offloadEfficiency(ait, bw, top);
      assertAlmostEquals(found, offloadEfficiencyFormula.evaluate({ ait, bw, peak: top }), 1e-12);
      if (found > 1e-6 && found < 1 - 1e-6) {
        assertAlmostEquals(requiredBandwidth(found, ait, top) / bw, 1, 1e-6);
      }
    },
  ));
});

Deno.test("efficiencies of 0 and 1 have no bandwidth, and numbers that are none are refused", () => {
  assertThrows(() => requiredBandwidth(1, 1, 1), RangeError, "between 0 and 1");
  assertThrows(() => requiredBandwidth(NaN, 1, 1), RangeError, "between 0 and 1");
  assertThrows(() => offloadEfficiency(0, 1, 1), RangeError, "the intensity");
  assertThrows(() => offloadEfficiency(1, NaN, 1), RangeError, "the bandwidth");
});
