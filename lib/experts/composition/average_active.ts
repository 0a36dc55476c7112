import { requireAtLeast, requirePositive } from "../../units/mod.ts";

/**
 * How many parameters work on a request, on average, when a router sends each to one of several whole models? The sizes,
 * weighed by the shares of requests. It is also what is read for a token, on average, when requests come alone.
 *
 * @param sizes Parameters of each model, in any unit.
 * @param shares Of requests; together 1.
 * @throws {TypeError} when there is not one share for each model.
 * @throws {RangeError} when shares do not add up to 1, or a size is not above zero.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { averageActive } from "@fewer-bytes/experts";
 *
 * assertEquals(averageActive([8, 72], [0.75, 0.25]), 24);
 * ```
 */
export function averageActive(sizes: readonly number[], shares: readonly number[]): number {
  if (sizes.length !== shares.length) {
    throw new TypeError(
      `Cannot average sizes as there must be a share for each of ${sizes.length} models: current length is ${shares.length}`,
    );
  }
  let all = 0, average = 0;
  sizes.forEach((size, model) => {
    const share = requireAtLeast(shares[model]!, 0, "average sizes", "a share");
    all += share;
    average += share * requirePositive(size, "average sizes", "a size");
  });
  if (Math.abs(all - 1) > 1e-9) {
    throw new RangeError(
      `Cannot average sizes as the shares must add up to 1: current value is ${all}`,
    );
  }
  return average;
}

/** The least and the most of all requests that one model can get. */
export interface ShareRange {
  readonly least: number;
  readonly most: number;
}

/**
 * Which mixes of models have a stated average? Many; but not all. For each model the least and the largest share that it can
 * have in any of them.
 *
 * The mixes are what is left of a simplex when one plane cuts it. A share is extreme at a corner of that, and there at most
 * two models get anything: one that is too small and one that is too large, or one that is just right.
 *
 * @param average What the sizes average to, in their unit.
 * @throws {RangeError} when the average is below the smallest or above the largest size.
 * @example Composition of Experts: an average of 31 billion, by the names of its five models
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { shareRanges } from "@fewer-bytes/experts";
 *
 * const ranges = shareRanges([7.6, 9.2, 27.2, 70.6, 72.7], 31);
 * assertAlmostEquals(ranges[4]!.most, (31 - 7.6) / (72.7 - 7.6), 1e-9); // 36 %
 * assertAlmostEquals(ranges[2]!.most, (72.7 - 31) / (72.7 - 27.2), 1e-9); // 92 %
 * ```
 */
export function shareRanges(sizes: readonly number[], average: number): ShareRange[] {
  sizes.forEach((size) => requirePositive(size, "find shares", "a size"));
  requirePositive(average, "find shares", "the average");
  if (!(average >= Math.min(...sizes) && average <= Math.max(...sizes))) {
    throw new RangeError(
      `Cannot find shares as the average must be from the smallest to the largest size: current value is ${average}`,
    );
  }
  const ranges = sizes.map(() => ({ least: 1, most: 0 }));
  sizes.forEach((small, one) =>
    sizes.forEach((large, other) => {
      if (!(small <= average && large >= average)) return;
      const share = small === large ? 1 : (average - small) / (large - small);
      if (small === large && one !== other) return;
      ranges.forEach((range, model) => {
        const own = (model === other ? share : 0) +
          (model === one && one !== other ? 1 - share : 0);
        range.least = Math.min(range.least, own);
        range.most = Math.max(range.most, own);
      });
    })
  );
  return ranges;
}
