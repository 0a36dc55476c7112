import { Matrix } from "../../numeric/mod.ts";
import type { UniformGrid } from "../uniform/grid.ts";
import { roundToNearest } from "../uniform/quantize.ts";

/**
 * Which input channels matter most? The share with the largest importance, at least one.
 *
 * AWQ's observation is that importance is a matter of the activations: a weight that meets large inputs must be right,
 * however small it is itself.
 *
 * @param importance One number a channel, such as `meanAbsolute` of the {@linkcode InputStatistics}.
 * @param share Above 0 and at most 1.
 * @returns The channels, the most important one first.
 * @throws {RangeError} when the share is outside.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { salientChannels } from "@fewer-bytes/quantization";
 *
 * assertEquals(salientChannels([0.1, 7, 0.3, 2], 0.5), [1, 3]);
 * ```
 */
export function salientChannels(importance: ArrayLike<number>, share = 0.01): number[] {
  if (!(share > 0 && share <= 1)) {
    throw new RangeError(
      `Cannot choose channels as the share must be above 0 and at most 1: current value is ${share}`,
    );
  }
  const count = Math.max(1, Math.round(share * importance.length));
  return Array.from({ length: importance.length }, (_, channel) => channel)
    .sort((a, b) => importance[b]! - importance[a]!)
    .slice(0, count);
}

/**
 * Rounds all weights but those of some input channels, which stay as they are.
 *
 * What AWQ observed with it: 1 % of the channels in 16 bits, chosen by their activations, undo most of the harm; chosen by
 * their weights or at random, they do not. Two formats in one row are slow to read, though, and {@linkcode awq} gets there
 * without.
 *
 * Source: Lin et al., "AWQ: Activation-aware Weight Quantization" (2023), section 3.1 and table 1.
 *
 * @param weights Outputs × inputs.
 * @throws {RangeError} for a grid that does not suit, or a channel that is not there.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { roundExceptChannels } from "@fewer-bytes/quantization";
 *
 * const weights = new Matrix(1, 3, Float32Array.of(3, 1.25, 1.25));
 * assertEquals([...roundExceptChannels(weights, [1], { bits: 3 }).data], [3, 1.25, 1]);
 * ```
 */
export function roundExceptChannels(
  weights: Matrix<Float32Array>,
  channels: readonly number[],
  grid: UniformGrid,
): Matrix<Float32Array> {
  const result = roundToNearest(weights, grid);
  for (let row = 0; row < weights.rows; row++) {
    for (const channel of channels) result.set(row, channel, weights.get(row, channel));
  }
  return result;
}
