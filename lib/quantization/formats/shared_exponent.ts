import { requireInteger } from "../../units/mod.ts";
import { type PackedFormat, packedFormat } from "./block_format.ts";
import { largestOf } from "./row.ts";
import { fixedPoint } from "./fixed_point.ts";
import { packCodes, unpackCodes } from "../uniform/packing.ts";
import { exponentOf, type NumberCode } from "./number_code.ts";

import { powerOfTwo } from "./power_of_two.ts";
import { smallFloats } from "./small_float.ts";

/**
 * How far does one exponent for a whole block go? Each value is a small element times a power of two that the
 * block shares: the largest power at which the block's maximum has the exponent of the element's maximum.
 *
 * exponent = ⌊log₂ max|v|⌋ − ⌊log₂ element.maximum⌋, and each element is v / 2^exponent, rounded and
 * saturated. So the block's maximum itself may saturate: with FP4, 7 becomes 6. A block of zeros takes the
 * smallest exponent.
 *
 * With floating elements this is OCP's microscaling (MXFP4, MXFP6, MXFP8), with whole numbers it is classic
 * block floating point (MXINT8, Microsoft's MSFP). The layout, which the specification leaves open: the
 * scale's byte, then the codes, lowest bits first.
 *
 * Source: OCP Microscaling Formats (2023), section 6.3.
 *
 * @param element What each value is stored as.
 * @param blockSize Values that share an exponent; their codes must fill whole bytes.
 * @throws {RangeError} for a block that does not fill whole bytes.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sharedExponent, smallFloats } from "@fewer-bytes/quantization";
 *
 * const format = sharedExponent("MXFP4", smallFloats.fp4E2M1, 32);
 * assertEquals(format.bitsPerValue, 4.25);
 * const row = new Float32Array(32);
 * row.set([0.7, 0.3, -0.1, 0.01]);
 * assertEquals([...format.roundTrip(row).slice(0, 4)], [0.75, 0.25, -0.125, 0]);
 * ```
 */
export function sharedExponent(name: string, element: NumberCode, blockSize: number): PackedFormat {
  requireInteger(blockSize, 1, `make ${name}`, "the block size");
  if (blockSize * element.bits % 8) {
    throw new RangeError(
      `Cannot make ${name} as a block must fill whole bytes: current value is ${blockSize} codes of ${element.bits} bits`,
    );
  }
  const highest = exponentOf(element.maximum);
  return packedFormat({
    name,
    blockSize,
    blockBytes: 1 + blockSize * element.bits / 8,
    pack: (block) => {
      const largest = largestOf(block);
      const exponent = largest ? Math.max(-127, exponentOf(largest) - highest) : -127;
      const codes = Array.from(block, (value) => element.encode(value / 2 ** exponent));
      return [exponent + 127, ...packCodes(codes, element.bits)];
    },
    unpack: (bytes) => {
      const scale = powerOfTwo.decode(bytes[0]!);
      const codes = unpackCodes(bytes.subarray(1), {
        bits: element.bits,
        count: blockSize,
        signed: false,
      });
      return Float32Array.from(codes, (code) => scale * element.decode(code));
    },
  });
}

/**
 * Classic block floating point: whole numbers of so many bits, sign included, with one exponent for a block.
 *
 * @example Microsoft's MSFP12: a sign and three bits, 16 values to an exponent
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { blockFloatingPoint } from "@fewer-bytes/quantization";
 *
 * const row = Float32Array.from({ length: 16 }, (_, i) => i / 10);
 * assertEquals(blockFloatingPoint(4, 16).bitsPerValue, 4.5);
 * assertEquals(blockFloatingPoint(4, 16).roundTrip(row)[15], 1.5);
 * assertEquals(blockFloatingPoint(4, 16).roundTrip(row)[1], 0);
 * ```
 */
export function blockFloatingPoint(mantissaBits: number, blockSize: number): PackedFormat {
  return sharedExponent(
    `BFP${mantissaBits} block ${blockSize}`,
    fixedPoint(mantissaBits),
    blockSize,
  );
}

/** The concrete formats of the OCP specification: blocks of 32, one E8M0 scale each. */
export const microscaling = {
  mxfp4: sharedExponent("MXFP4", smallFloats.fp4E2M1, 32),
  mxfp6E2M3: sharedExponent("MXFP6 E2M3", smallFloats.fp6E2M3, 32),
  mxfp6E3M2: sharedExponent("MXFP6 E3M2", smallFloats.fp6E3M2, 32),
  mxfp8E4M3: sharedExponent("MXFP8 E4M3", smallFloats.fp8E4M3, 32),
  mxfp8E5M2: sharedExponent("MXFP8 E5M2", smallFloats.fp8E5M2, 32),
  mxint8: sharedExponent("MXINT8", fixedPoint(8), 32),
} as const satisfies Record<string, PackedFormat>;
