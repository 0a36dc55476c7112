import { bytesPerValue, type Hardware, type NumberFormat } from "../catalog/mod.ts";
import { type Efficiency, ideal, peakRate, stepTime } from "../roofline/mod.ts";
import type { Operator } from "../transformer/mod.ts";
import { requireInteger } from "../units/mod.ts";
import { twoFourShare } from "./two_four_bytes.ts";
import { sparseRate } from "./two_four_speed.ts";

/** One attention, without projections, over a whole sequence: as in an encoder or a prefill, no causal half left out. */
export interface AttentionShape {
  readonly length: number;
  readonly headDimension: number;
  /** Default "bf16". */
  readonly format?: NumberFormat;
  /** Whether scores stay on the chip, as in FlashAttention. Default false: every step writes them to memory. */
  readonly fused?: boolean;
}

/**
 * What does attention compute and move when its scores are pruned to 2:4 on the fly? The scores are all computed; from
 * then on there are half as many: they are written compressed, pass the softmax at half, and meet the values on units
 * that skip the zeros.
 *
 * @param sparse False gives the full attention to compare with.
 * @throws {RangeError} when a size is no whole number from 1.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { dynamicAttentionOperators } from "@fewer-bytes/sparsity";
 *
 * const shape = { length: 1024, headDimension: 64 };
 * const [scores] = dynamicAttentionOperators(shape, findHardware("nvidia-a100-sxm-40gb"), true);
 * assertEquals(scores!.bytes.activations, 2 * (2 * 1024 * 64 + 1024 * 1024 * 9 / 16)); // queries, keys; scores
 * ```
 */
export function dynamicAttentionOperators(
  { length, headDimension, format = "bf16", fused = false }: AttentionShape,
  hardware: Hardware,
  sparse: boolean,
): Operator[] {
  requireInteger(length, 1, "attend", "length");
  requireInteger(headDimension, 1, "attend", "headDimension");
  const bytes = bytesPerValue(format);
  const vectors = bytes * length * headDimension;
  const scores = fused ? 0 : bytes * length ** 2;
  const kept = sparse ? 0.5 : 1;
  const stored = sparse ? twoFourShare(format) : 1;
  const gain = sparse ? sparseRate(hardware, format) / peakRate(hardware, format) : 1;
  const row = (name: string, flops: number, activations: number): Operator => ({
    name,
    layers: 1,
    flops,
    bytes: { weights: 0, cache: 0, activations },
    transfer: 0,
    precision: format,
  });
  const products = 2 * length ** 2 * headDimension;
  if (fused) return [row("attention", products + products / gain, 4 * vectors)];
  return [
    row("scores", products, 2 * vectors + stored * scores),
    row("softmax", 0, 2 * kept * scores),
    row("values", products / gain, 2 * vectors + stored * scores),
  ];
}

/**
 * How much faster is attention with its scores pruned to 2:4 on the fly?
 *
 * With scores in memory, four passes over them shrink to `9/16 + 1/2 + 1/2 + 9/16` at 16 bits: 32/17 = 1.88 for long
 * sequences, less for short ones, whose queries, keys and values weigh more. The paper's abstract states 1.27 to 1.89,
 * measured. With scores on the chip only the arithmetic is left: one of two products halves, 4/3 at most.
 *
 * @param efficiency Shares of the peaks that are reached. Default: all of them.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { dynamicAttentionSpeedup } from "@fewer-bytes/sparsity";
 *
 * const a100 = findHardware("nvidia-a100-sxm-40gb");
 * assertAlmostEquals(dynamicAttentionSpeedup({ length: 65536, headDimension: 64 }, a100), 32 / 17, 0.01);
 * assertAlmostEquals(dynamicAttentionSpeedup({ length: 65536, headDimension: 64, fused: true }, a100), 4 / 3);
 * ```
 */
export function dynamicAttentionSpeedup(
  shape: AttentionShape,
  hardware: Hardware,
  efficiency: Efficiency = ideal,
): number {
  const seconds = (sparse: boolean) =>
    stepTime(dynamicAttentionOperators(shape, hardware, sparse), hardware, efficiency).seconds;
  return seconds(false) / seconds(true);
}
