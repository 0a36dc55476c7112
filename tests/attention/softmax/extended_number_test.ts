import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { addExtended, extendedExp, extendedRatio, extendedZero } from "@fewer-bytes/attention";

const moderate = fc.double({ min: -300, max: 300, noNaN: true });

Deno.test("extendedExp() is e^x wherever e^x is a number", () => {
  fc.assert(fc.property(moderate, (x) => {
    const { mantissa, exponent } = extendedExp(x);
    assert(Number.isInteger(exponent) && mantissa > 0.7 && mantissa < 1.42, `${mantissa}`);
    assertAlmostEquals(mantissa * 2 ** exponent / Math.exp(x), 1, 1e-13);
  }));
});

Deno.test("extendedExp() turns sums into products far beyond e^709", () => {
  fc.assert(fc.property(fc.double({ min: -1e5, max: 1e5, noNaN: true }), moderate, (x, y) => {
    // e^(x + y) / e^x, whose distance is exact only up to the rounding of x + y.
    const quotient = extendedRatio(extendedExp(x + y), extendedExp(x));
    assertAlmostEquals(Math.log(quotient), x + y - x, 1e-9);
  }));
});

Deno.test("addExtended() adds, commutes, and keeps zero neutral, even to itself", () => {
  fc.assert(fc.property(moderate, moderate, (x, y) => {
    const [a, b] = [extendedExp(x), extendedExp(y)];
    const { mantissa, exponent } = addExtended(a, b);
    assertAlmostEquals(mantissa * 2 ** exponent / (Math.exp(x) + Math.exp(y)), 1, 1e-13);
    assertEquals(addExtended(a, b), addExtended(b, a));
    assertEquals(addExtended(a, extendedZero), a);
  }));
  assertEquals(addExtended(extendedZero, extendedZero), extendedZero);
  assertEquals(extendedExp(-Infinity), extendedZero);
});
