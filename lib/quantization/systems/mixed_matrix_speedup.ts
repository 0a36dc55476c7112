import type { Hardware, NumberFormat } from "../../catalog/mod.ts";
import { peakRate } from "../../roofline/mod.ts";
import { requireAtLeast } from "../../units/mod.ts";

/**
 * How much faster can a matrix unit be with mixed activations? Both parts take their time one after the other, so the
 * mean is harmonic: `1 / (share₈/rate₈ + share₄/rate₄)`, over the rate of 16 bits.
 *
 * On an A100, which does 8-bit work twice and 4-bit work four times as fast as 16-bit: 2 with all blocks in eight bits,
 * 4 with none. Hopper's matrix units have no INT4 (they were in Turing, Ampere and Ada): there the values are widened
 * to eight bits, and the answer is 2 whatever the share.
 *
 * @param share8 The share of blocks with 8-bit activations, from 0 to 1.
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { mixedMatrixSpeedup } from "@fewer-bytes/quantization";
 *
 * assertAlmostEquals(mixedMatrixSpeedup(findHardware("nvidia-a100-sxm-80gb"), 0.2), 1 / (0.8 / 4 + 0.2 / 2));
 * assertAlmostEquals(mixedMatrixSpeedup(findHardware("nvidia-h100-sxm"), 0.2), 2, 1e-3);
 * ```
 */
export function mixedMatrixSpeedup(hardware: Hardware, share8: number): number {
  requireShare(share8);
  const relative = (format: NumberFormat) =>
    peakRate(hardware, format) / peakRate(hardware, "fp16");
  return 1 / (share8 / relative("int8") + (1 - share8) / relative("int4"));
}

/** Refuses what is not a share from 0 to 1. */
export function requireShare(share8: number): void {
  requireAtLeast(share8, 0, "mix precisions", "the share of eight bits");
  if (share8 > 1) {
    throw new RangeError(
      `Cannot mix precisions as the share of eight bits must be <= 1: current value is ${share8}`,
    );
  }
}
