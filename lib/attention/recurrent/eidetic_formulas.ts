import { formula } from "../../numeric/mod.ts";

/** What three memories together hold of one sequence in one layer, as it is printed and computed. */
export const eideticValuesFormula = formula(
  "values = (window + eidetic) * (keyWidth + valueWidth) + keyWidth * valueWidth",
  {
    values: "numbers held, however long the sequence",
    window: "latest tokens, held as they are",
    eidetic: "earlier tokens that were chosen to be held as they are",
    keyWidth: "numbers in a key",
    valueWidth: "numbers in a value",
  },
);

/** The longest sequence seen in training, as it is printed and computed. */
export const trainedLengthFormula = formula("trained = tested / factor", {
  trained: "tokens of the longest sequences seen in training",
  tested: "tokens of the longest sequences tested",
  factor: "how many times longer those were",
});
