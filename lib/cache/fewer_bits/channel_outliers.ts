import { type Floats, Matrix, type Random } from "../../numeric/mod.ts";
import { channelPeaks } from "../../quantization/mod.ts";
import { requireInteger, requirePositive } from "../../units/mod.ts";

/**
 * Has a matrix outlier channels? The largest |value| of its loudest channel, over that of its middle one. Near 1, all
 * channels are alike; 10 means that a scale for a whole token has its steps ten times too wide for most channels.
 *
 * @param rows A token in each row.
 * @throws {RangeError} when there is nothing to compare with: no rows, or a middle channel of zeros.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { channelOutlier } from "@fewer-bytes/cache";
 * import { Matrix } from "@fewer-bytes/numeric";
 *
 * assertEquals(channelOutlier(Matrix.from([[1, 20, -2], [-1, 10, 1]])), 10);
 * ```
 */
export function channelOutlier(rows: Matrix<Floats>): number {
  const peaks = channelPeaks(rows).toSorted();
  const middle = peaks[Math.floor(peaks.length / 2)] ?? 0;
  return peaks.at(-1)! / requirePositive(middle, "find outlier channels", "the middle peak");
}

/** What keys are made up of. */
export interface OutlierKeysOptions {
  readonly tokens: number;
  /** Channels of one head, an even number. */
  readonly channels: number;
  /** How many of them are loud. Default 2. */
  readonly outliers?: number;
  /** How far a loud channel is from zero, for every token, where the others spread by 1. Default 20. */
  readonly offset?: number;
  readonly random: Random;
}

/**
 * Keys as large models have them, before rotation: a few channels are far from zero for every token, on the same side, and
 * all spread by 1 around their middle. The tiny model has something of the kind in one head of its second layer.
 *
 * @returns A token in each row. Rotate it with `rotateRows()` of lib/attention to see what positions do to it.
 * @throws {RangeError} when there are more outliers than half the channels.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { channelOutlier, outlierKeys } from "@fewer-bytes/cache";
 * import { seeded } from "@fewer-bytes/numeric";
 *
 * assert(channelOutlier(outlierKeys({ tokens: 64, channels: 32, random: seeded(1) })) > 5);
 * ```
 */
export function outlierKeys(options: OutlierKeysOptions): Matrix<Float32Array<ArrayBuffer>> {
  const { tokens, channels, outliers = 2, offset = 20, random } = options;
  requireInteger(tokens, 1, "make keys", "tokens");
  requireInteger(channels / 2, 1, "make keys", "half of the channels");
  if (requireInteger(outliers, 0, "make keys", "outliers") > channels / 2) {
    throw new RangeError(
      `Cannot make keys as outliers must be at most ${channels / 2}: current value is ${outliers}`,
    );
  }
  const loud = random.shuffle(Array.from({ length: channels }, (_, i) => i)).slice(0, outliers);
  const middle = new Float32Array(channels);
  for (const channel of loud) middle[channel] = random.uniform() < 0.5 ? -offset : offset;
  const keys = Matrix.zeros(tokens, channels);
  keys.data.forEach((_, i) => keys.data[i] = middle[i % channels]! + random.normal());
  return keys;
}
