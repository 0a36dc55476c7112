import type { GroupedFormat } from "../../catalog/mod.ts";
import { type BlockFormat, groupedFormat } from "../../quantization/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { roundAffineGroup } from "./affine_group.ts";

/** Bits beside the codes of a group: its scale and its smallest value, 16 each. */
export const affineOverhead = 32;

/**
 * Rows in affine groups: neighbors within a row share a scale and a minimum, see `roundAffineGroup()`. This is how KIVI stores values, and how inputs are
 * stored when keys and values are made from them again.
 *
 * @param bits From 1 to 8.
 * @param groupSize Values that share a scale.
 * @returns A format of bits + 32 / groupSize bits a value.
 * @example "Two bits" in groups of 32 are three
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { affineFormat } from "@fewer-bytes/cache";
 *
 * assertEquals(affineFormat(2, 32).bitsPerValue, 3);
 * assertEquals([...affineFormat(1, 2).roundTrip(Float32Array.of(3, 7, 5, 5))], [3, 7, 5, 5]);
 * ```
 */
export function affineFormat(bits: number, groupSize: number): BlockFormat {
  requireAffineBits(bits);
  requireInteger(groupSize, 1, "store rows in groups", "the group size");
  const name = `affine ${bits}-bit, groups of ${groupSize}`;
  return {
    name,
    blockSize: groupSize,
    bitsPerValue: bits + affineOverhead / groupSize,
    roundTrip: (row) => {
      if (row.length % groupSize) {
        throw new RangeError(
          `Cannot store a row as groups of ${groupSize} must fill it: current length is ${row.length}`,
        );
      }
      const result = Float32Array.from(row);
      for (let start = 0; start < row.length; start += groupSize) {
        roundAffineGroup(result, start, 1, groupSize, bits);
      }
      return result;
    },
  };
}

/** Refuses bits that an affine code does not have. */
export function requireAffineBits(bits: number): number {
  if (requireInteger(bits, 1, "store a cache", "bits") > 8) {
    throw new RangeError(
      `Cannot store a cache as bits must be at most 8: current value is ${bits}`,
    );
  }
  return bits;
}

/**
 * Codes with a 16-bit scale and a 16-bit minimum for each group, as a storage format of the catalog.
 *
 * @throws {RangeError} for bits other than 2, 3, 4 and 8, or a group of less than one value.
 */
export function affineStorage(bits: number, groupSize: number): GroupedFormat {
  requireInteger(groupSize, 1, "describe a cache", "the group size");
  return groupedFormat({ bits, groupSize }, { scaleBits: 16, zeroPointBits: 16 });
}
