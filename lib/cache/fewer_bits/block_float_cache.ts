import type { LanguageModel } from "../../lm/mod.ts";
import { blockFloatingPoint, type ChannelOrder, groupedFormat } from "../../quantization/mod.ts";
import type { CacheMethod } from "../../transformer/mod.ts";
import { requireInteger, type Tokens } from "../../units/mod.ts";
import { FormatCache } from "./format_cache.ts";
import { inOrder } from "./head_order.ts";
import type { WaitingFormat } from "./row_store.ts";

/** The order of channels in one layer. */
export interface LayerOrder {
  readonly keys?: ChannelOrder;
  readonly values?: ChannelOrder;
}

/** How a cache in block floating point stores. */
export interface BlockFloatOptions {
  /** Bits of a value, sign included. Default 4. */
  readonly mantissaBits?: number;
  /** Channels of a token that share an exponent. Default 16. */
  readonly blockSize?: number;
  /** The order of channels in each layer; see `keyOrder()`. Default: as they come. */
  readonly orders?: readonly LayerOrder[];
  readonly window?: Tokens;
  readonly waiting?: WaitingFormat;
}

/**
 * How does a cache fare in block floating point: whole numbers, with an exponent of 8 bits for a block of channels?
 *
 * A loud channel takes the exponent up for its whole block, and its neighbors lose their low bits. With `orders`, loud
 * channels share blocks with each other.
 *
 * @throws {RangeError} when the blocks do not fill a token's keys, or an order is missing.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BlockFloatCache } from "@fewer-bytes/cache";
 * import { forward, loadModel } from "@fewer-bytes/lm";
 *
 * const model = await loadModel("target");
 * const cache = new BlockFloatCache(model, { mantissaBits: 4, blockSize: 16 });
 * forward(model, [{ tokens: [0, 5], cache }]);
 * assertEquals(8 * cache.bytes / (2 * 5 * 2 * 64), 4.5);
 * ```
 */
export class BlockFloatCache extends FormatCache {
  constructor(model: LanguageModel, options: BlockFloatOptions = {}) {
    const { mantissaBits = 4, blockSize = 16, orders, ...rest } = options;
    const format = blockFloatingPoint(mantissaBits, blockSize);
    if (orders && orders.length !== model.layers.length) {
      throw new RangeError(
        `Cannot order channels as each of ${model.layers.length} layers needs an order: current number is ${orders.length}`,
      );
    }
    const ordered = (part: keyof LayerOrder) => (layer: number) => {
      const order = orders?.[layer]?.[part];
      return order ? inOrder(format, order) : format;
    };
    super(model, { ...rest, keys: ordered("keys"), values: ordered("values") });
  }
}

/**
 * What does block floating point make of a cache in a deployment? The order of channels adds nothing: it is in the weights.
 *
 * @param mantissaBits 2, 3, 4 or 8, the sign included.
 * @throws {RangeError} for other bits.
 * @example Half of 16 bits, and a quarter bit for the exponents
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { blockFloat } from "@fewer-bytes/cache";
 * import { bytesPerValue } from "@fewer-bytes/catalog";
 *
 * assertEquals(8 * bytesPerValue(blockFloat(8, { blockSize: 32 }).storage!), 8.25);
 * ```
 */
export function blockFloat(
  mantissaBits: number,
  { blockSize = 32, window = 0 }: { blockSize?: number; window?: Tokens } = {},
): CacheMethod {
  requireInteger(blockSize, 1, "describe block floating point", "the block size");
  return {
    name: `block floating point ${mantissaBits}-bit`,
    storage: groupedFormat({ bits: mantissaBits, groupSize: blockSize }, {
      scaleBits: 8,
      zeroPointBits: 0,
    }),
    recent: requireInteger(window, 0, "describe block floating point", "the window"),
  };
}
