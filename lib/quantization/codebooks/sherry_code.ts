import { packCodes, unpackCodes } from "../uniform/packing.ts";

/**
 * How do four ternary weights fit into five bits? Exactly one of the four is zero: 4 places · 2³ signs = 32 =
 * 2⁵. No code is wasted.
 *
 * The highest bit is the sign of the first weight that is not zero; below it are the place of the zero (two
 * bits) and whether the second and the third sign differ from the first. So the lower four bits are an index
 * into a table of 16 partial sums, and the highest says whether to add or subtract: what the vector units of
 * processors do well.
 *
 * @param block Four weights: one 0, three of −1 or 1.
 * @throws {RangeError} for any other block.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sherryBlock, sherryCode } from "@fewer-bytes/quantization";
 *
 * assertEquals(sherryCode([1, -1, 0, 1]), 0b0_10_10);
 * assertEquals(sherryCode([-1, 1, 0, -1]), 0b1_10_10); // the mirror image differs in one bit
 * assertEquals(sherryBlock(0b0_10_10), [1, -1, 0, 1]);
 * ```
 */
export function sherryCode(block: ArrayLike<number>): number {
  const weights = Array.from(block);
  const [first, second, third, ...more] = weights.filter((weight) => weight === 1 || weight === -1);
  if (weights.length !== 4 || !weights.includes(0) || !third || more.length) {
    throw new RangeError(
      `Cannot pack a block as it must have one 0 and three of -1 or 1: current value is ${weights}`,
    );
  }
  const differs = (sign: number | undefined) => Number(sign !== first);
  return differs(1) << 4 | weights.indexOf(0) << 2 | differs(second) << 1 | differs(third);
}

/**
 * The four weights of a code: the way back from {@linkcode sherryCode}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sherryBlock } from "@fewer-bytes/quantization";
 *
 * assertEquals(sherryBlock(0b0_00_00), [0, 1, 1, 1]);
 * ```
 */
export function sherryBlock(code: number): number[] {
  if (!(Number.isInteger(code) && code >= 0 && code < 32)) {
    throw new RangeError(
      `Cannot unpack a block as its code must be a whole number from 0 to 31: current value is ${code}`,
    );
  }
  const first = code & 16 ? -1 : 1;
  const signs = [first, code & 2 ? -first : first, code & 1 ? -first : first];
  return signs.toSpliced(code >> 2 & 3, 0, 0);
}

/**
 * Packs ternary weights, three of each four not zero, into 1.25 bits each.
 *
 * @example Eight blocks, 32 weights, in five bytes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { packSherry, unpackSherry } from "@fewer-bytes/quantization";
 *
 * const weights = Int8Array.from({ length: 32 }, (_, i) => [1, -1, 0, 1][i % 4]!);
 * assertEquals(packSherry(weights).length, 5);
 * assertEquals(unpackSherry(packSherry(weights), 32), weights);
 * ```
 */
export function packSherry(codes: Int8Array): Uint8Array<ArrayBuffer> {
  const blocks = Array.from(
    { length: Math.ceil(codes.length / 4) },
    (_, block) => sherryCode(codes.subarray(4 * block, 4 * block + 4)),
  );
  return packCodes(blocks, 5);
}

/** The weights that {@linkcode packSherry} packed; `count` of them, a multiple of 4. */
export function unpackSherry(bytes: Uint8Array, count: number): Int8Array<ArrayBuffer> {
  const blocks = unpackCodes(bytes, { bits: 5, count: count / 4, signed: false });
  return Int8Array.from([...blocks].flatMap(sherryBlock));
}
