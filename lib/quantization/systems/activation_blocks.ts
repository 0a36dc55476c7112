import { requireInteger, requirePositive } from "../../units/mod.ts";
import { orderByMagnitude } from "./channel_rearrangement.ts";

/** How outliers are told from other channels. */
export interface ActivationBlockOptions {
  /** Channels that share a width and a scale. Default 128. */
  readonly blockSize?: number;
  /** A channel is an outlier when its peak is more than so many times the median peak. Default 6. */
  readonly threshold?: number;
  /** Sort the channels by size first, so that outliers share blocks. Default true. */
  readonly gather?: boolean;
}

/** Which blocks of channels need eight bits. */
export interface ActivationBlocks {
  /** Bits of each block, 4 or 8. */
  readonly bits: readonly (4 | 8)[];
  /** The share of blocks with eight bits, from 0 to 1. */
  readonly share8: number;
  /** The share of channels that are outliers: what `share8` would be with blocks of one channel. */
  readonly outlierShare: number;
  /** The channels in the order in which the blocks hold them. */
  readonly order: readonly number[];
}

/**
 * How much of the activations must keep eight bits, when outliers must? As a matrix unit works on whole blocks, a block
 * with one outlier is an eight-bit block: spread out, 1 % of the channels can spoil nearly all of them. Gathered by a new
 * order of channels, they fill few blocks (FMPQ, of COMET: Liu et al. 2024, section 4).
 *
 * @param peaks The largest |activation| of each channel, from calibration.
 * @throws {RangeError} when the blocks do not divide the channels, or a peak is not a finite number ≥ 0.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { activationBlocks } from "@fewer-bytes/quantization";
 *
 * const peaks = [1, 1, 90, 1, 1, 80, 1, 1];
 * assertEquals(activationBlocks(peaks, { blockSize: 2, gather: false }).bits, [4, 8, 8, 4]);
 * assertEquals(activationBlocks(peaks, { blockSize: 2 }).bits, [8, 4, 4, 4]);
 * ```
 */
export function activationBlocks(
  peaks: ArrayLike<number>,
  { blockSize = 128, threshold = 6, gather = true }: ActivationBlockOptions = {},
): ActivationBlocks {
  requireInteger(peaks.length, 1, "divide activations into blocks", "the number of channels");
  requireInteger(blockSize, 1, "divide activations into blocks", "the block size");
  requirePositive(threshold, "divide activations into blocks", "the threshold");
  if (peaks.length % blockSize !== 0) {
    throw new RangeError(
      `Cannot divide activations into blocks as the block size must divide ${peaks.length} channels: current value is ${blockSize}`,
    );
  }
  const sorted = orderByMagnitude(peaks);
  const median = peaks[sorted[Math.floor(peaks.length / 2)]!]!;
  if (peaks[sorted.at(-1)!]! < 0) {
    throw new RangeError(
      `Cannot divide activations into blocks as each peak must be >= 0: the smallest is ${
        peaks[sorted.at(-1)!]
      }`,
    );
  }
  const order = gather ? sorted : sorted.toSorted((a, b) => a - b);
  const isOutlier = (channel: number) => peaks[channel]! > threshold * median;
  const bits = Array.from(
    { length: peaks.length / blockSize },
    (_, block) => order.slice(block * blockSize, (block + 1) * blockSize).some(isOutlier) ? 8 : 4,
  );
  return {
    bits,
    share8: bits.filter((width) => width === 8).length / bits.length,
    outlierShare: order.filter(isOutlier).length / peaks.length,
    order,
  };
}
