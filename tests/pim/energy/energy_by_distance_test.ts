import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import {
  type Distance,
  distances,
  energyFormula,
  joulesPerBit,
  multiplyAddJoules,
} from "@fewer-bytes/pim";
import fc from "fast-check";

Deno.test("joulesPerBit() adds up AttAcc's table: 0.55, 1.56, 3.29 and 3.59 pJ", () => {
  // src/config.py: mem energies of bank, bank group, buffer and GPU, in pJ a byte, over 8.
  const table = [0.11 + 0.44, 0.11 + 0.44 + 1.01, 0.11 + 0.44 + 1.01 + 1.23 + 0.5, 3.59];
  distances.forEach((distance, index) =>
    assertAlmostEquals(joulesPerBit(distance) * 1e12, table[index]!, 1e-9)
  );
});

Deno.test("multiplyAddJoules() is its printed formula, falls with reuse and grows with distance", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...distances),
      fc.integer({ min: 1, max: 512 }),
      (distance, reuse) => {
        const found = multiplyAddJoules(distance, { bits: 16, format: "fp16", reuse });
        const printed = energyFormula.evaluate({
          bits: 16,
          move: joulesPerBit(distance),
          reuse,
          operation: 1.5e-12,
        });
        assertAlmostEquals(found, printed, 1e-9 * printed);
        assert(found <= multiplyAddJoules(distance, { bits: 16, format: "fp16" }));
      },
    ),
  );
});

Deno.test("AttAcc's 6.6 times less energy for attention is near the ways' ratio at one use of each value", () => {
  // The simulator, run: 6.57. The ways alone give 3.59 / 0.55 = 6.53.
  assertAlmostEquals(joulesPerBit("processor") / joulesPerBit("bank"), 6.57, 0.1);
});

Deno.test("distances, formats and amounts that are none are refused", () => {
  assertThrows(() => joulesPerBit("moon" as Distance), RangeError, "must be one of bank");
  assertThrows(() => multiplyAddJoules("bank", { bits: 0, format: "fp16" }), RangeError, "bits");
  assertThrows(
    () => multiplyAddJoules("bank", { bits: 8, format: "int8", reuse: 0 }),
    RangeError,
    "reuse",
  );
  const format = "fp64" as "fp32";
  assertThrows(
    () => multiplyAddJoules("bank", { bits: 8, format }),
    RangeError,
    "fp32, fp16, int8",
  );
});
