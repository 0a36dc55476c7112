import { requireInteger } from "../../units/mod.ts";
import type { BlockFormat } from "../formats/block_format.ts";
import { largestOf, requireRow } from "../formats/row.ts";
import { codebookFormat, nearestCode } from "./codebook_format.ts";
import { dynamicMap } from "./dynamic_map.ts";
import { gaussianQuantile } from "./gaussian.ts";

/**
 * Where should 16 levels lie, if weights are Gaussian? At quantiles of the Gaussian law, so that all are used
 * about equally often; with an exact zero, which needs one level more on the positive side; scaled so that
 * the ends are ±1.
 *
 * The outermost quantile is the mean of 1 − 1/(2·2^k) and 1 − 1/(2·(2^k − 1)); from there, 2^(k−1) evenly
 * spaced shares lead down to one half on the positive side, and one share fewer on the negative.
 *
 * Source: Dettmers et al., "QLoRA" (2023), section 3 and appendix E.
 *
 * @param bits k, from 2 to 8; 4 gives NF4.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { normalFloatLevels } from "@fewer-bytes/quantization";
 *
 * const thousandths = Array.from(normalFloatLevels(4), (level) => Math.round(level * 1000));
 * assertEquals(thousandths.slice(5, 11), [-185, -91, 0, 80, 161, 246]);
 * ```
 */
export function normalFloatLevels(bits = 4): Float32Array<ArrayBuffer> {
  if (requireInteger(bits, 2, "make a NormalFloat", "bits") > 8) {
    throw new RangeError(
      `Cannot make a NormalFloat as bits must be at most 8: current value is ${bits}`,
    );
  }
  const count = 2 ** bits;
  const outermost = 1 - (1 / (2 * count) + 1 / (2 * (count - 1))) / 2;
  const largest = gaussianQuantile(outermost);
  const side = (steps: number) =>
    Array.from({ length: steps }, (_, i) => {
      const share = outermost + (0.5 - outermost) * i / steps;
      return gaussianQuantile(share) / largest;
    });
  const negative = side(count / 2 - 1).map((level) => -level);
  return Float32Array.from([...negative, 0, ...side(count / 2).reverse()]);
}

const levels = normalFloatLevels(4);
const scaleLevels = dynamicMap();
const blockSize = 64;
const scaleBlock = 256;
const { fround } = Math;

/** The scales after they were stored in eight bits: their mean subtracted, in blocks of 256, on the dynamic map. */
function roundTripScales(scales: Float32Array): Float32Array {
  const mean = fround(scales.reduce((sum, scale) => sum + scale, 0) / scales.length);
  const back = scales.map((scale) => scale - mean);
  for (let at = 0; at < back.length; at += scaleBlock) {
    const block = back.subarray(at, at + scaleBlock);
    const largest = largestOf(block);
    block.forEach((scale, i) => {
      const level = largest && scaleLevels[nearestCode(scaleLevels, scale / largest)]!;
      block[i] = fround(level * largest) + mean;
    });
  }
  return back;
}

/** NF4 in blocks of 64, each with its largest magnitude in 32 bits: 4.5 bits a value. */
export const normalFloat4: BlockFormat = codebookFormat("NF4", levels, blockSize);

/**
 * Who quantizes the scales? Double quantization: their mean is subtracted, and the rest is stored in eight
 * bits on the dynamic map, in blocks of 256 with a 32-bit scale each. 4 + 8/64 + 32/(64 · 256) = 4.127 bits a
 * value.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { normalFloat4Double } from "@fewer-bytes/quantization";
 *
 * assertAlmostEquals(normalFloat4Double.bitsPerValue, 4.127, 1e-4);
 * ```
 */
export const normalFloat4Double: BlockFormat = {
  name: "NF4 double",
  blockSize,
  bitsPerValue: 4 + 8 / blockSize + 32 / (blockSize * scaleBlock),
  roundTrip: (row) => {
    requireRow(row, blockSize, "NF4 double");
    const scales = Float32Array.from(
      { length: row.length / blockSize },
      (_, block) => largestOf(row.subarray(block * blockSize, (block + 1) * blockSize)),
    );
    const stored = roundTripScales(scales);
    return row.map((value, i) => {
      const block = Math.floor(i / blockSize);
      return stored[block]! *
        levels[nearestCode(levels, scales[block] ? value / scales[block]! : 0)]!;
    }) as Float32Array<ArrayBuffer>;
  },
};
