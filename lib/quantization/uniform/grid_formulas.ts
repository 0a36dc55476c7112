/**
 * The grids as they are printed and computed. Tests hold them against `quantize()`.
 *
 * Here `round` takes ties away from zero, in `quantize()` to even: they differ only exactly halfway
 * between two marks.
 *
 * @module
 */
import { formula } from "../../numeric/mod.ts";

const shared = {
  scale: "distance between two marks",
  bits: "bits for each code",
  value: "the number before",
  code: "the whole number that is stored",
  restored: "the number after",
} as const;

/** The distance between marks of a symmetric grid. */
export const symmetricScaleFormula = formula("scale = peak / (2^(bits - 1) - 1)", {
  ...shared,
  peak: "largest absolute value of the group",
});

/** The code on a symmetric grid, clamp included. */
export const symmetricCodeFormula = formula(
  "code = max(-limit, min(limit, round(value / scale)))",
  { ...shared, limit: "largest code, 2^(bits - 1) - 1" },
);

/** The way back from a symmetric grid. */
export const symmetricValueFormula = formula("restored = scale * code", shared);

/** The distance between marks of an asymmetric grid. */
export const asymmetricScaleFormula = formula("scale = (high - low) / (2^bits - 1)", {
  ...shared,
  high: "largest value of the group, at least 0",
  low: "smallest value of the group, at most 0",
});

/** The code that means 0 on an asymmetric grid. */
export const zeroPointFormula = formula("zero = round(-low / scale)", {
  ...shared,
  zero: "the code that means 0",
  low: "smallest value of the group, at most 0",
});

/** The code on an asymmetric grid, clamp included. */
export const asymmetricCodeFormula = formula(
  "code = max(0, min(limit, round(value / scale) + zero))",
  { ...shared, limit: "largest code, 2^bits - 1", zero: "the code that means 0" },
);

/** The way back from an asymmetric grid. */
export const asymmetricValueFormula = formula("restored = scale * (code - zero)", {
  ...shared,
  zero: "the code that means 0",
});
