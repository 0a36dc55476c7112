import type { BlockFormat } from "./block_format.ts";
import { largestOf, requireRow } from "./row.ts";
import { smallFloats } from "./small_float.ts";

/** A tensor in NVFP4, as its three parts. */
export interface Nvfp4Tensor {
  /** One for the whole tensor, in 32 bits. */
  readonly tensorScale: number;
  /** Codes of FP8 E4M3, one for 16 values. */
  readonly scales: Uint8Array;
  /** Codes of FP4 E2M1, one a value, unpacked. */
  readonly codes: Uint8Array;
}

const { fp4E2M1: element, fp8E4M3: scale } = smallFloats;
const blockSize = 16;
const { fround } = Math;

/**
 * How can a block's scale be finer than a power of two? NVFP4 stores it as FP8 E4M3, a fraction included, and
 * lets one FP32 number for the whole tensor bring all scales into the range of FP8.
 *
 * tensorScale = max|v| / (448 · 6), so that the largest block's scale is 448 and its maximum 6. Each block's
 * scale is max|block| / 6 / tensorScale, rounded to E4M3 and at least 2⁻⁹, the smallest that it has; each
 * value is divided by both, and rounded to E2M1. So a block that is 2¹⁸ times smaller than the tensor's
 * maximum begins to vanish. All arithmetic is in 32 bits and the scale of a block of zeros is 1, as in
 * NVIDIA's Model Optimizer.
 *
 * @param values A whole tensor: its length a multiple of 16.
 * @throws {RangeError} for another length, or a value that is not finite.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeNvfp4 } from "@fewer-bytes/quantization";
 *
 * const { scales, codes } = encodeNvfp4(new Float32Array(16).fill(3));
 * assertEquals(scales[0], 0x7e); // 448
 * assertEquals(codes[0], 0b0111); // 6
 * ```
 */
export function encodeNvfp4(values: Float32Array): Nvfp4Tensor {
  requireRow(values, blockSize, "NVFP4");
  const tensorScale = fround(largestOf(values) / (scale.maximum * element.maximum));
  const scales = new Uint8Array(values.length / blockSize);
  const codes = new Uint8Array(values.length);
  for (let block = 0; block < scales.length; block++) {
    const at = block * blockSize;
    const largest = largestOf(values.subarray(at, at + blockSize));
    const wanted = largest && tensorScale ? largest / fround(element.maximum * tensorScale) : 1;
    scales[block] = Math.max(1, scale.encode(fround(wanted)));
    const unit = fround(scale.decode(scales[block]!) * tensorScale);
    for (let i = at; i < at + blockSize; i++) {
      codes[i] = element.encode(unit ? fround(values[i]! / unit) : 0);
    }
  }
  return { tensorScale, scales, codes };
}

/**
 * The values that an NVFP4 tensor stands for: element × block scale × tensor scale.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeNvfp4 } from "@fewer-bytes/quantization";
 *
 * const codes = new Uint8Array(16).fill(0b0101); // 3
 * const values = decodeNvfp4({ tensorScale: 0.25, scales: Uint8Array.of(0x40), codes }); // 2
 * assertEquals(values[0], 1.5);
 * ```
 */
export function decodeNvfp4(
  { tensorScale, scales, codes }: Nvfp4Tensor,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(codes, (code, i) => {
    const unit = fround(scale.decode(scales[Math.floor(i / blockSize)]!) * tensorScale);
    return element.decode(code) * unit;
  });
}

/** NVFP4 as a block format: 4.5 bits a value. The row that it is given is taken as the whole tensor. */
export const nvfp4: BlockFormat = {
  name: "NVFP4",
  blockSize,
  bitsPerValue: element.bits + scale.bits / blockSize,
  roundTrip: (row) => decodeNvfp4(encodeNvfp4(row)),
};
