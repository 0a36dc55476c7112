import type { Matrix } from "../../numeric/mod.ts";

/** A new order of channels: place i gets what stood at `order[i]`. Each channel occurs once. */
export type ChannelOrder = readonly number[];

/**
 * How loud does each channel get over some tokens? The largest |x| of each column.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { channelPeaks } from "@fewer-bytes/quantization";
 *
 * assertEquals([...channelPeaks(Matrix.from([[1, -9], [-2, 5]]))], [2, 9]);
 * ```
 */
export function channelPeaks({ columns, data }: Matrix): Float64Array {
  const peaks = new Float64Array(columns);
  data.forEach((value: number, i: number) =>
    peaks[i % columns] = Math.max(peaks[i % columns]!, Math.abs(value))
  );
  return peaks;
}

/**
 * Which channels should be neighbors? Those of alike size. In a block that shares a scale or an exponent, the largest
 * value sets the step for all; one outlier among 31 quiet channels drowns them. Sorted by size, the outliers share a
 * block with each other, and all other blocks have a fine step (Trukhanov and Soloveychik, "Accurate Block Quantization
 * in LLMs with Outliers", 2024).
 *
 * What is won are the quiet channels; the outliers themselves are rounded no better, and a plain sum of squared errors,
 * which they dominate, may hardly fall. It pays because a model reads its loud channels with small weights.
 *
 * @param magnitudes One number for each channel, such as its largest activation.
 * @returns Channels from the largest to the smallest; equal ones stay in their order.
 * @throws {RangeError} when a magnitude is not finite.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { orderByMagnitude } from "@fewer-bytes/quantization";
 *
 * assertEquals(orderByMagnitude([1, 90, 2, 80]), [1, 3, 2, 0]);
 * ```
 */
export function orderByMagnitude(magnitudes: ArrayLike<number>): ChannelOrder {
  const values = Array.from(magnitudes);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new RangeError(
      `Cannot order channels as each magnitude must be finite: channel ${bad} has ${values[bad]}`,
    );
  }
  return values.map((_, channel) => channel).sort((a, b) => values[b]! - values[a]!);
}
