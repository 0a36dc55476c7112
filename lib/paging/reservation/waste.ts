import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger, requirePositive, type Tokens } from "../../units/mod.ts";

/** What is wasted when the longest sequence is reserved, as it is printed and computed. */
export const reservationWasteFormula = formula("waste = 1 - mean / maximum", {
  waste: "share of reserved memory that holds no token in the end",
  mean: "tokens of a finished sequence, on average",
  maximum: "tokens reserved for each",
});

/** What is wasted by blocks, as it is printed and computed. */
export const pagedWasteFormula = formula(
  "waste = (block - 1) / 2 / (mean + (block - 1) / 2)",
  {
    waste: "share of the taken blocks that holds no token",
    block: "tokens in a block",
    mean: "tokens of a sequence, on average",
  },
);

/**
 * Which share of its reservation does a finished sequence leave empty?
 *
 * @throws {RangeError} when the mean is above the maximum, or one is not above zero.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { reservationWaste } from "@fewer-bytes/paging";
 *
 * assertAlmostEquals(reservationWaste(395, 2048), 0.807, 0.001);
 * ```
 */
export function reservationWaste(mean: Tokens, maximum: Tokens): number {
  requirePositive(mean, "compute waste", "the mean");
  if (!(mean <= maximum)) {
    throw new RangeError(
      `Cannot compute waste as the mean must be <= the maximum ${maximum}: current value is ${mean}`,
    );
  }
  return 1 - mean / maximum;
}

/**
 * Which share of its blocks does a sequence leave empty? On average it lacks half of the last one: lengths fall anywhere
 * between two multiples of the block size. The number of tokens lost does not depend on the length, so the share does.
 *
 * The same holds for pages of virtual memory, with the tokens of a page as the block size.
 *
 * @throws {RangeError} when the block size is no whole number from 1, or the mean is not above zero.
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { pagedWaste } from "@fewer-bytes/paging";
 *
 * assertAlmostEquals(pagedWaste(395, 16), 0.0186, 1e-4);
 * assertEquals(pagedWaste(395, 1), 0);
 * ```
 */
export function pagedWaste(mean: Tokens, blockSize: Tokens): number {
  requirePositive(mean, "compute waste", "the mean");
  requireInteger(blockSize, 1, "compute waste", "blockSize");
  const lost = (blockSize - 1) / 2;
  return lost / (mean + lost);
}

/**
 * How much larger can the batch be, when less of the same memory is wasted? While decoding waits for memory and weights
 * are most of what is read, throughput grows with it.
 *
 * @throws {RangeError} when a waste is not from 0 to below 1.
 * @example Four fifths wasted, then two percent
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { batchGain } from "@fewer-bytes/paging";
 *
 * assertAlmostEquals(batchGain(0.8, 0.02), 4.9);
 * ```
 */
export function batchGain(before: number, after: number): number {
  for (const [name, waste] of Object.entries({ before, after })) {
    requireAtLeast(waste, 0, "compare batches", `the waste ${name}`);
    if (waste >= 1) {
      throw new RangeError(
        `Cannot compare batches as the waste ${name} must be < 1: current value is ${waste}`,
      );
    }
  }
  return (1 - after) / (1 - before);
}
