import { requireInteger } from "../units/mod.ts";

/** A matrix under a tree of bitmaps: a cleared bit says that everything below it is zero, and nothing of it is stored. */
export interface HierarchicalBitmap {
  /** Of the values that it stands for. */
  readonly length: number;
  /** How many entries of the level below (values, at the bottom) each bit stands for, from the bottom up. */
  readonly ratios: readonly number[];
  /** The stored bits of each level, from the bottom up. The top level is complete. */
  readonly levels: readonly Uint8Array[];
  /** The blocks of values that are not all zero, with the zeros inside them. */
  readonly values: Float32Array;
}

/**
 * Packs values under a hierarchy of bitmaps, as SMASH does: wide empty stretches cost one bit high up.
 *
 * Source: Kanellopoulos et al., "SMASH" (2019).
 *
 * @param ratios From the bottom up: values in a block, then bits that one bit of the next level stands for.
 * @throws {RangeError} when a ratio is no whole number from 1, or their product does not divide the values.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { packHierarchical, unpackHierarchical } from "@fewer-bytes/sparsity";
 *
 * const values = Float32Array.of(0, 0, 0, 0, 0, 0, 5, 0);
 * const packed = packHierarchical(values, [2, 2]);
 * assertEquals(packed.levels, [Uint8Array.of(0, 1), Uint8Array.of(0, 1)]); // the first pair of blocks is not stored
 * assertEquals(packed.values, Float32Array.of(5, 0));
 * assertEquals(unpackHierarchical(packed), values);
 * ```
 */
export function packHierarchical(
  values: Float32Array,
  ratios: readonly number[],
): HierarchicalBitmap {
  const unit = requireRatios(ratios);
  if (values.length % unit !== 0) {
    throw new RangeError(
      `Cannot pack as the number of values must be a multiple of ${unit}: current value is ${values.length}`,
    );
  }
  const levels: Uint8Array[] = [];
  let below: Float32Array | Uint8Array = values;
  let packed = values;
  for (const [level, ratio] of ratios.entries()) {
    const bits: Uint8Array = Uint8Array.from(
      { length: below.length / ratio },
      (_, i) => below.subarray(i * ratio, (i + 1) * ratio).some((entry) => entry !== 0) ? 1 : 0,
    );
    const stored = below.filter((_, i) => bits[Math.floor(i / ratio)]);
    if (level === 0) packed = Float32Array.from(stored);
    else levels.push(Uint8Array.from(stored));
    below = bits;
  }
  levels.push(below as Uint8Array);
  return { length: values.length, ratios, levels, values: packed };
}

/**
 * Unpacks a hierarchy: the inverse of {@linkcode packHierarchical}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { packHierarchical, unpackHierarchical } from "@fewer-bytes/sparsity";
 *
 * const values = Float32Array.of(0, 1, 0, 0);
 * assertEquals(unpackHierarchical(packHierarchical(values, [2])), values);
 * ```
 */
export function unpackHierarchical(
  { ratios, levels, values }: HierarchicalBitmap,
): Float32Array<ArrayBuffer> {
  const spread = (bits: ArrayLike<number>, stored: ArrayLike<number>, ratio: number) => {
    let next = 0;
    return Float32Array.from(
      { length: bits.length * ratio },
      (_, i) => bits[Math.floor(i / ratio)] ? stored[next++]! : 0,
    );
  };
  let bits: ArrayLike<number> = levels.at(-1)!;
  for (let level = levels.length - 2; level >= 0; level--) {
    bits = spread(bits, levels[level]!, ratios[level + 1]!);
  }
  return spread(bits, values, ratios[0]!);
}

/** Refuses ratios that build no hierarchy; their product is the unit that they divide. */
export function requireRatios(ratios: readonly number[]): number {
  requireInteger(ratios.length, 1, "build a hierarchy", "the number of levels");
  return ratios.reduce(
    (product, ratio) => product * requireInteger(ratio, 1, "build a hierarchy", "a ratio"),
    1,
  );
}
