import { requireAtLeast } from "../units/mod.ts";
import { requireRatios } from "./hierarchical_bitmap.ts";

/**
 * How many bits does each value of the dense matrix take, when zeros fall at random? A block survives when any of its
 * values does, with probability `1 − (1 − density)^size`; so do its zeros. At the densities of pruned language models
 * nearly every block survives, and the hierarchy pays for levels that say "something is here".
 *
 * @param density From 0 to 1.
 * @throws {RangeError} when the density is no share, or a ratio no whole number from 1.
 * @example At one half a plain bitmap is smaller; at one in a thousand the hierarchy is
 * ```ts
 * import { assert } from "@std/assert";
 * import { expectedHierarchicalBits } from "@fewer-bytes/sparsity";
 *
 * assert(expectedHierarchicalBits(0.5, 16, [4, 8, 8]) > 0.5 * 16 + 1);
 * assert(expectedHierarchicalBits(0.001, 16, [4, 8, 8]) < 0.001 * 16 + 1);
 * ```
 */
export function expectedHierarchicalBits(
  density: number,
  valueBits: number,
  ratios: readonly number[],
): number {
  requireRatios(ratios);
  requireAtLeast(density, 0, "size a hierarchy", "density");
  if (density > 1) {
    throw new RangeError(
      `Cannot size a hierarchy as density must be <= 1: current value is ${density}`,
    );
  }
  let bits = 0, size = 1;
  // The entries of a level are stored where the bit above is set; those of the top level always.
  for (const [level, ratio] of ratios.entries()) {
    const above = 1 - (1 - density) ** (size * ratio);
    bits += above * (level === 0 ? valueBits : 1) / size;
    size *= ratio;
  }
  return bits + 1 / size;
}
