import { type BlockFormat, type ChannelOrder, orderByMagnitude } from "../../quantization/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/**
 * In which order should the channels of keys lie, so that loud ones share a block? Within each head, the pairs that rotary
 * positions turn together, by their larger magnitude; both channels of a pair side by side.
 *
 * A pair must stay one, and keep its angle: then the angles are reordered once with the weights, (P·q)·(P·k) = q·k holds
 * for rotated keys, and nothing is left to do while the model runs. It costs little to keep them together, as a rotation
 * mixes the two channels and makes both loud.
 *
 * Source: Trukhanov and Soloveychik, "Accurate Block Quantization in LLMs with Outliers" (2024), who sort keys by the norms
 * of the rows of their weights.
 *
 * @param magnitudes One for each channel of all key heads, such as `channelPeaks()` of keys, or norms of rows of weights.
 * @param headDimension Channels of a head; its first half is paired with the second.
 * @throws {RangeError} when the heads do not fill the channels, or a magnitude is not finite.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { keyOrder } from "@fewer-bytes/cache";
 *
 * assertEquals(keyOrder([1, 2, 9, 3], 4), [0, 2, 1, 3]); // channels 0 and 2 are a pair, and loud
 * ```
 */
export function keyOrder(magnitudes: ArrayLike<number>, headDimension: number): ChannelOrder {
  const half = requireInteger(headDimension / 2, 1, "order keys", "half of the head dimension");
  return perHead(magnitudes, headDimension, (head) => {
    const pairs = head.slice(0, half).map((value, i) => Math.max(value, head[half + i]!));
    return orderByMagnitude(pairs).flatMap((pair) => [pair, pair + half]);
  });
}

/**
 * The same for values, which are not rotated: each head's channels from the loudest to the quietest.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { valueOrder } from "@fewer-bytes/cache";
 *
 * assertEquals(valueOrder([1, 2, 9, 3], 2), [1, 0, 2, 3]);
 * ```
 */
export function valueOrder(magnitudes: ArrayLike<number>, headDimension: number): ChannelOrder {
  requireInteger(headDimension, 1, "order values", "the head dimension");
  return perHead(magnitudes, headDimension, orderByMagnitude);
}

function perHead(
  magnitudes: ArrayLike<number>,
  headDimension: number,
  sort: (head: number[]) => ChannelOrder,
): ChannelOrder {
  const all = Array.from(magnitudes);
  if (all.length % headDimension) {
    throw new RangeError(
      `Cannot order channels as heads of ${headDimension} must fill them: current number is ${all.length}`,
    );
  }
  return Array.from({ length: all.length / headDimension }, (_, head) => {
    const start = head * headDimension;
    return sort(all.slice(start, start + headDimension)).map((channel) => start + channel);
  }).flat();
}

/**
 * What does a format make of rows whose channels lie in another order? As a cache would store them after the weights were
 * reordered; they come back in the old order, for a model that was not.
 *
 * @throws {RangeError} from `roundTrip` when the order does not have the length of the row.
 * @example Two loud channels share a block, and the quiet ones are no longer lost
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inOrder } from "@fewer-bytes/cache";
 * import { blockFloatingPoint } from "@fewer-bytes/quantization";
 *
 * const format = blockFloatingPoint(4, 2);
 * const row = Float32Array.of(64, 1, 48, 1.5);
 * assertEquals([...format.roundTrip(row)], [64, 0, 48, 0]);
 * assertEquals([...inOrder(format, [0, 2, 1, 3]).roundTrip(row)], [64, 1, 48, 1.5]);
 * ```
 */
export function inOrder(format: BlockFormat, order: ChannelOrder): BlockFormat {
  return {
    ...format,
    roundTrip: (row) => {
      if (row.length !== order.length) {
        throw new RangeError(
          `Cannot reorder a row as it must have ${order.length} channels: current length is ${row.length}`,
        );
      }
      const back = format.roundTrip(Float32Array.from(order, (channel) => row[channel]!));
      const result = new Float32Array(row.length);
      order.forEach((channel, place) => result[channel] = back[place]!);
      return result;
    },
  };
}
