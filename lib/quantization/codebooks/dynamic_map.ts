import type { BlockFormat } from "../formats/block_format.ts";
import { requireCode } from "../formats/number_code.ts";
import { codebookFormat } from "./codebook_format.ts";

/**
 * How can eight bits be exact near 1 and still reach down to a millionth? By a border that moves: after the
 * sign come zeros, each for a factor of 1/10, then a one as a marker, and the bits that are left divide [0.1,
 * 1] in even cells.
 *
 * value = ± 10^−zeros · (0.1 + 0.9 · (fraction + ½) / 2^fractionBits). The codes without a marker are spent
 * on 0 and on 1; of the unsigned ones, 0 and 1. This is dynamic tree quantization.
 *
 * Source: Dettmers, "8-Bit Approximations for Parallelism in Deep Learning" (2015), and "8-bit Optimizers via
 * Block-wise Quantization" (2021), section 1.3; cells and spare codes as in bitsandbytes.
 *
 * @param code From 0 to 255, the sign in the highest bit.
 * @param signed Whether there is a sign; without one the fraction has another bit. Default true.
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { decodeDynamic } from "@fewer-bytes/quantization";
 *
 * // No zero, marker, six bits of fraction: the cell right above 0.1 + 0.9 · 32/64.
 * assertAlmostEquals(decodeDynamic(0b0_1_100000), 0.1 + 0.9 * 32.5 / 64);
 * // Two zeros, marker, four bits: a hundredth of a wider cell.
 * assertAlmostEquals(decodeDynamic(0b1_001_0000), -0.01 * (0.1 + 0.9 * 0.5 / 16));
 * assertEquals([decodeDynamic(0b0_0000000), decodeDynamic(0b1_0000000)], [0, 1]);
 * ```
 */
export function decodeDynamic(code: number, signed = true): number {
  requireCode(code, 8, "a dynamic code");
  const bits = signed ? 7 : 8;
  const payload = code % 2 ** bits;
  const sign = payload < code ? -1 : 1;
  if (payload === 0) return sign < 0 ? 1 : 0;
  if (!signed && payload === 1) return 1;
  const zeros = Math.clz32(payload) - (32 - bits);
  const cells = 2 ** (bits - 1 - zeros);
  return sign * 10 ** -zeros * (0.1 + 0.9 * (payload - cells + 0.5) / cells);
}

/**
 * The 256 numbers that {@linkcode decodeDynamic} gives, in ascending order and in 32 bits.
 *
 * @example Half of the unsigned ones lie above 0.1, a quarter in the decade below
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { dynamicMap } from "@fewer-bytes/quantization";
 *
 * const map = dynamicMap(false);
 * assertEquals(map.filter((value) => value > 0.1).length, 128 + 1); // and 1 itself
 * assertEquals(map.filter((value) => value > 0.01 && value < 0.1).length, 64);
 * ```
 */
export function dynamicMap(signed = true): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: 256 }, (_, code) => decodeDynamic(code, signed)).sort();
}

/**
 * Eight bits in the dynamic map, in blocks of 256 with a 32-bit scale: 8.125 bits, as 8-bit optimizers keep
 * their states.
 *
 * The map has 1 and not −1: a block whose extreme value is negative comes back a little smaller.
 */
export const dynamic8: BlockFormat = codebookFormat("dynamic 8-bit", dynamicMap(), 256);
