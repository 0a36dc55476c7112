/**
 * The sizes of sparse storage as they are printed and computed. Tests hold them against the functions of this room.
 *
 * @module
 */
import { formula } from "../numeric/mod.ts";

const bits = "bits of each value";
const density = "share of values that are not zero";
const size = "bits for each value of the dense matrix";

/** What is left of the bytes at 2:4: half of the values, and one bit for each that was there. */
export const twoFourShareFormula = formula("share = 1 / 2 + 1 / bits", {
  share: "bytes at 2:4 over dense bytes",
  bits,
});

/** A bit for each value, and the values that are set. */
export const bitmapBitsFormula = formula("size = 1 + density * bits", { size, density, bits });

/** A column index for each value that is set; row pointers are left out, as rows are long. */
export const csrBitsFormula = formula("size = density * (bits + index)", {
  size,
  density,
  bits,
  index: "bits of each column index",
});

/** The columns that several tokens need together, when each needs its own at random. */
export const neededShareFormula = formula("needed = 1 - (1 - density)^tokens", {
  needed: "share of columns that must be read",
  density: "share of inputs that are not zero",
  tokens: "tokens that are computed together",
});
