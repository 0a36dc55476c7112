import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { emulatedExp2, exponentialPolynomial } from "@fewer-bytes/attention";

Deno.test("exponentialPolynomial() of degree 3 errs by what FlashAttention-4 reports, or a little less: 8.8e-5", () => {
  const { error } = exponentialPolynomial(3);
  assert(error <= 8.8e-5 && error > 8.3e-5, `${error}`);
});

Deno.test("the error swings between equally high peaks, one more than there are free coefficients", () => {
  for (const degree of [1, 2, 3, 4, 5]) {
    const { coefficients, error } = exponentialPolynomial(degree);
    let touched = 0, sign = 0;
    for (let i = 0; i <= 20_000; i++) {
      const x = i / 20_000;
      const value = coefficients.reduceRight((sum, c) => sum * x + c, 0) / 2 ** x - 1;
      assert(Math.abs(value) <= error * 1.001);
      if (Math.abs(value) > 0.999 * error && Math.sign(value) !== sign) {
        touched++;
        sign = Math.sign(value);
      }
    }
    assertEquals(touched, degree + 1);
  }
});

Deno.test("each degree more makes the error at least ten times smaller", () => {
  const errors = [1, 2, 3, 4, 5].map((degree) => exponentialPolynomial(degree).error);
  errors.slice(1).forEach((error, i) => assert(error < errors[i]! / 10));
});

Deno.test("emulatedExp2() keeps its relative error over all exponents, and is exact at whole numbers", () => {
  const polynomial = exponentialPolynomial(3);
  fc.assert(fc.property(fc.double({ min: -126, max: 126, noNaN: true }), (x) => {
    assertAlmostEquals(emulatedExp2(x, polynomial) / 2 ** x, 1, polynomial.error * 1.001);
  }));
  for (const x of [-7, 0, 1, 12]) assertEquals(emulatedExp2(x, polynomial), 2 ** x);
});

Deno.test("exponentialPolynomial() refuses degrees that are none", () => {
  assertThrows(() => exponentialPolynomial(0), RangeError, "degree");
  assertThrows(() => exponentialPolynomial(9), RangeError, "at most 8");
});
