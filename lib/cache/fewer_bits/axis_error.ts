import type { Matrix } from "../../numeric/mod.ts";
import { affineFormat } from "./affine_format.ts";
import { ChannelRows } from "./channel_rows.ts";
import { TokenRows } from "./token_rows.ts";

/** How far rows are from what they were, over their own size. */
export interface AxisError {
  /** A scale for some channels of one token. */
  readonly token: number;
  /** A scale for some tokens of one channel. */
  readonly channel: number;
}

/**
 * Who should share a scale? The squared error of both ways over the sum of squares, with groups of one size, so at the
 * same bytes.
 *
 * @param rows A token in each row: whole groups of them, and whole groups in each.
 * @param grid Bits of a code, and values that share a scale.
 * @throws {RangeError} when groups do not fill the rows or the columns, or all values are zero.
 * @example Keys with loud channels: per channel, as KIVI says
 * ```ts
 * import { assert } from "@std/assert";
 * import { axisError, outlierKeys } from "@fewer-bytes/cache";
 * import { seeded } from "@fewer-bytes/numeric";
 *
 * const keys = outlierKeys({ tokens: 64, channels: 32, random: seeded(1) });
 * const { token, channel } = axisError(keys, { bits: 2, groupSize: 32 });
 * assert(token > 10 * channel);
 * ```
 */
export function axisError(
  rows: Matrix<Float32Array>,
  { bits, groupSize }: { readonly bits: number; readonly groupSize: number },
): AxisError {
  if (rows.rows === 0 || rows.rows % groupSize) {
    throw new RangeError(
      `Cannot compare axes as tokens must be whole groups of ${groupSize}: current number is ${rows.rows}`,
    );
  }
  const stores = {
    token: new TokenRows(rows.columns, { format: affineFormat(bits, groupSize) }),
    channel: new ChannelRows(rows.columns, { bits, groupSize }),
  };
  for (let row = 0; row < rows.rows; row++) {
    stores.token.append(rows.row(row));
    stores.channel.append(rows.row(row));
  }
  return {
    token: relativeError(rows.data, stores.token.rows),
    channel: relativeError(rows.data, stores.channel.rows),
  };
}

/**
 * How far are some numbers from what they should be? The sum of squared differences over the sum of squares.
 *
 * @param back May be longer; what lies behind is not looked at.
 * @throws {RangeError} when all numbers are zero.
 */
export function relativeError(numbers: Float32Array, back: Float32Array): number {
  let [error, size] = [0, 0];
  for (let i = 0; i < numbers.length; i++) {
    error += (numbers[i]! - back[i]!) ** 2;
    size += numbers[i]! ** 2;
  }
  if (!(size > 0)) {
    throw new RangeError("Cannot compute a relative error as some number must not be zero");
  }
  return error / size;
}
