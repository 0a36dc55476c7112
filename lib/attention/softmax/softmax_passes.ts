import type { CountedArray } from "./counted_array.ts";
import { addExtended, extendedExp, extendedRatio, extendedZero } from "./extended_number.ts";
import { requireScore, rescaleFactor } from "./softmax_part.ts";

/** A softmax from one array into another. Where every score is masked, all weights are 0. */
export type SoftmaxAlgorithm = (scores: CountedArray, weights: CountedArray) => void;

/**
 * The softmax of the textbook: sum the exponentials, then divide. Two passes, but e^710 is already infinite.
 *
 * @param scores Of one query; masked ones are -Infinity.
 * @param weights Where the result is stored.
 */
export const naiveSoftmax: SoftmaxAlgorithm = (scores, weights) => {
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += Math.exp(requireScore(scores.load(i)));
  for (let i = 0; i < scores.length; i++) weights.store(i, share(Math.exp(scores.load(i)), sum));
};

/**
 * The safe softmax that every library has: find the maximum, sum relative to it, divide. Three passes, the exponential
 * computed twice.
 */
export const threePassSoftmax: SoftmaxAlgorithm = (scores, weights) => {
  const maximum = largest(scores);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += weightOf(scores.load(i), maximum);
  for (let i = 0; i < scores.length; i++) {
    weights.store(i, share(weightOf(scores.load(i), maximum), sum));
  }
};

/** The safe softmax that stores its exponentials and reads them back: fewer exponentials, one more store. */
export const reloadingSoftmax: SoftmaxAlgorithm = (scores, weights) => {
  const maximum = largest(scores);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const weight = weightOf(scores.load(i), maximum);
    weights.store(i, weight);
    sum += weight;
  }
  for (let i = 0; i < scores.length; i++) weights.store(i, share(weights.load(i), sum));
};

/**
 * Maximum and sum in one pass, the sum made smaller whenever the maximum grows; then divide. Two passes.
 *
 * Source: Milakov and Gimelshein, "Online normalizer calculation for softmax" (2018), algorithm 3.
 */
export const onlineSoftmax: SoftmaxAlgorithm = (scores, weights) => {
  let maximum = -Infinity, sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = requireScore(scores.load(i));
    const larger = Math.max(maximum, score);
    sum = sum * rescaleFactor(maximum, larger) + weightOf(score, larger);
    maximum = larger;
  }
  for (let i = 0; i < scores.length; i++) {
    weights.store(i, share(weightOf(scores.load(i), maximum), sum));
  }
};

/**
 * No maximum at all: every exponential is a pair of mantissa and exponent, which cannot overflow. Two passes.
 *
 * Source: Dukhan and Ablavatski, "The Two-Pass Softmax Algorithm" (2020), algorithm 3.
 */
export const twoPassSoftmax: SoftmaxAlgorithm = (scores, weights) => {
  let sum = extendedZero;
  for (let i = 0; i < scores.length; i++) {
    sum = addExtended(sum, extendedExp(requireScore(scores.load(i))));
  }
  for (let i = 0; i < scores.length; i++) {
    weights.store(i, sum.mantissa === 0 ? 0 : extendedRatio(extendedExp(scores.load(i)), sum));
  }
};

const weightOf = (score: number, maximum: number) =>
  score === -Infinity ? 0 : Math.exp(score - maximum);
const share = (weight: number, sum: number) => sum === 0 ? 0 : weight / sum;

function largest(scores: CountedArray): number {
  let maximum = -Infinity;
  for (let i = 0; i < scores.length; i++) {
    maximum = Math.max(maximum, requireScore(scores.load(i)));
  }
  return maximum;
}
