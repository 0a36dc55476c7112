/**
 * The merge of two parts of a softmax as it is printed and computed. Tests hold it against `mergeParts()`.
 *
 * @module
 */
import { formula } from "../../numeric/mod.ts";

const shared = {
  maximum: "largest score of both parts",
  maximumA: "largest score of the first part",
  maximumB: "largest score of the second part",
  sum: "sum of e^(score - maximum) over both parts",
  sumA: "that sum over the first part, relative to its own maximum",
  sumB: "that sum over the second part, relative to its own maximum",
  weighted: "the same sum, each term times its value",
  weightedA: "that sum over the first part",
  weightedB: "that sum over the second part",
  output: "the attention's result",
} as const;

/** What both are relative to from now on. */
export const mergedMaximumFormula = formula("maximum = max(maximumA, maximumB)", shared);

/** Both sums, made relative to the same maximum. */
export const mergedSumFormula = formula(
  "sum = exp(maximumA - maximum) * sumA + exp(maximumB - maximum) * sumB",
  shared,
);

/** The value vectors go along. */
export const mergedWeightedFormula = formula(
  "weighted = exp(maximumA - maximum) * weightedA + exp(maximumB - maximum) * weightedB",
  shared,
);

/** The one division, at the end. */
export const softmaxOutputFormula = formula("output = weighted / sum", shared);

const letters = {
  x: "the score of a new key",
  v: "its value vector",
  m: "largest score before it",
  M: "largest score with it",
  l: "sum of e^(score - maximum) before it",
  L: "that sum with it",
  w: "sum of e^(score - maximum) times value before it",
  W: "that sum with it",
} as const;

/** One new key: the maximum. In letters, as the literature writes it. */
export const newMaximumFormula = formula("M = max(m, x)", letters);

/** One new key: the sum. */
export const newSumFormula = formula("L = exp(m - M) * l + exp(x - M)", letters);

/** One new key: the output before it is divided. The new term has its value vector. */
export const newWeightedFormula = formula("W = exp(m - M) * w + exp(x - M) * v", letters);
