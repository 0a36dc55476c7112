/**
 * The sizes of sparse storage as they are printed and computed. Tests hold them against the functions of this room.
 *
 * @module
 */
import { formula } from "../numeric/mod.ts";

const shared = {
  bits: "bits of each value",
  index: "bits of each column index",
  density: "share of values that are not zero",
  size: "bits for each value of the dense matrix",
} as const;

/** What is left of the bytes at 2:4: half of the values, and one bit for each that was there. */
export const twoFourShareFormula = formula("share = 1 / 2 + 1 / bits", {
  ...shared,
  share: "bytes at 2:4 over dense bytes",
});

/** A bit for each value, and the values that are set. */
export const bitmapBitsFormula = formula("size = 1 + density * bits", shared);

/** A column index for each value that is set; row pointers are left out, as rows are long. */
export const csrBitsFormula = formula("size = density * (bits + index)", shared);

/** The columns that several tokens need together, when each needs its own at random. */
export const neededShareFormula = formula("needed = 1 - (1 - density)^tokens", {
  ...shared,
  needed: "share of columns that must be read",
  tokens: "tokens that are computed together",
});
