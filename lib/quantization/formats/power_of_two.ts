import { roundHalfEven } from "../uniform/quantize.ts";
import { exponentOf, type NumberCode, requireCode } from "./number_code.ts";

/**
 * E8M0, the scale of the microscaling formats: eight bits of exponent and nothing else, 2^(code − 127).
 *
 * A scale by a power of two costs no multiplier and adds no rounding. There is no sign, no zero, no infinity;
 * code 255 is NaN, and stands for whatever cannot be said. Encoding takes the nearer power (1.5 goes up to
 * 2), and saturates at both ends.
 *
 * Source: OCP Microscaling Formats (2023), section 5.4.1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { powerOfTwo } from "@fewer-bytes/quantization";
 *
 * assertEquals(powerOfTwo.decode(127), 1);
 * assertEquals(powerOfTwo.decode(powerOfTwo.encode(0.3)), 0.25);
 * assertEquals(powerOfTwo.decode(powerOfTwo.encode(0)), NaN);
 * ```
 */
export const powerOfTwo: NumberCode = {
  name: "E8M0",
  bits: 8,
  maximum: 2 ** 127,
  decode: (code) => requireCode(code, 8, "E8M0") === 255 ? NaN : 2 ** (code - 127),
  encode: (value) => {
    if (!(value > 0)) return 255;
    if (value > 2 ** 127) return 254;
    const exponent = exponentOf(value);
    const up = roundHalfEven(value / 2 ** exponent) - 1;
    return Math.max(0, exponent + up + 127);
  },
};
