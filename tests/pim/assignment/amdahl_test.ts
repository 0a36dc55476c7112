import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { amdahl, amdahlFormula } from "@fewer-bytes/pim";
import fc from "fast-check";

Deno.test("amdahl() is the time before over the time after, part by part", () => {
  const amount = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
  fc.assert(fc.property(amount, amount, amount, (part, rest, gain) => {
    const expected = (part + rest) / (part / gain + rest);
    const share = part / (part + rest);
    assertAlmostEquals(amdahl(share, gain), expected, 1e-6 * expected);
    assertAlmostEquals(
      amdahl(share, gain),
      amdahlFormula.evaluate({ share, gain }),
      1e-6 * expected,
    );
  }));
});

Deno.test("amdahl() knows its limits: nothing, everything, no time at all", () => {
  assertEquals(amdahl(0, 9), 1);
  assertEquals(amdahl(1, 9), 9);
  assertEquals(amdahl(0.9, Infinity).toFixed(9), "10.000000000");
});

Deno.test("amdahl() refuses shares and gains that are none", () => {
  assertThrows(() => amdahl(1.1, 2), RangeError, "from 0 to 1");
  assertThrows(() => amdahl(NaN, 2), RangeError, "from 0 to 1");
  assertThrows(() => amdahl(0.5, 0), RangeError, "gain");
});
