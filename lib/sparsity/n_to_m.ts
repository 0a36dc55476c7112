import type { Matrix } from "../numeric/mod.ts";
import { requireInteger } from "../units/mod.ts";
import { dropLowest, type Mask } from "./mask.ts";

/** Structured sparsity "n : m": of every `of` neighbors in a row, `kept` stay. */
export interface Pattern {
  readonly kept: number;
  readonly of: number;
}

/** 2:4, the pattern that sparse tensor cores can skip. */
export const twoOfFour: Pattern = { kept: 2, of: 4 };

/**
 * Lists every way to keep n of m neighbors: 6 for 2:4, 12,870 for 8:16.
 *
 * Why is a pattern cheap to store? Its number among all of them takes only log2 of their count in bits: 2.6 bits for
 * four values at 2:4, where a bit for each value would take 4.
 *
 * @returns Masks of `of` values, the ones that keep early values first.
 * @throws {RangeError} when it is no pattern.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { patterns } from "@fewer-bytes/sparsity";
 *
 * assertEquals(patterns({ kept: 1, of: 2 }), [Uint8Array.of(1, 0), Uint8Array.of(0, 1)]);
 * ```
 */
export function patterns(pattern: Pattern): Mask[] {
  const { kept, of } = requirePattern(pattern);
  const extend = (start: number[], left: number): number[][] => {
    if (start.length === of) return [start];
    const room = of - start.length;
    return [
      ...(left > 0 ? extend([...start, 1], left - 1) : []),
      ...(room > left ? extend([...start, 0], left) : []),
    ];
  };
  return extend([], kept).map((values) => Uint8Array.from(values));
}

/**
 * Which n of every m neighbors are worth most? The n largest scores of each group: no other pattern keeps a larger sum.
 *
 * @param scores What each value is worth, not its sign: groups run along a row.
 * @throws {RangeError} when it is no pattern, when groups do not divide a row, or when a score is NaN.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { patternMask, twoOfFour } from "@fewer-bytes/sparsity";
 *
 * const mask = patternMask(Matrix.from([[1, 9, 3, 2, 5, 5, 5, 5]]), twoOfFour);
 * assertEquals(mask, Uint8Array.of(0, 1, 1, 0, 0, 0, 1, 1));
 * ```
 */
export function patternMask(scores: Matrix, pattern: Pattern): Mask {
  const { kept, of } = requirePattern(pattern);
  if (scores.columns % of !== 0) {
    throw new RangeError(
      `Cannot keep ${kept} of ${of} as the length of a row must be a multiple of ${of}: current value is ${scores.columns}`,
    );
  }
  const mask = new Uint8Array(scores.data.length);
  for (let start = 0; start < mask.length; start += of) {
    mask.set(dropLowest(scores.data.subarray(start, start + of), of - kept), start);
  }
  return mask;
}

/** Refuses what is no pattern: whole numbers, at least one kept, no more than there are. */
export function requirePattern(pattern: Pattern): Pattern {
  requireInteger(pattern.of, 1, "prune", "the group of a pattern");
  requireInteger(pattern.kept, 1, "prune", "the kept values of a pattern");
  if (pattern.kept > pattern.of) {
    throw new RangeError(
      `Cannot prune as the kept values of a pattern must be <= ${pattern.of}: current value is ${pattern.kept}`,
    );
  }
  return pattern;
}
