import type { LanguageModel } from "../../lm/mod.ts";
import type { CacheMethod } from "../../transformer/mod.ts";
import { requireInteger, type Tokens } from "../../units/mod.ts";
import { affineFormat, affineStorage } from "./affine_format.ts";
import { ChannelRows } from "./channel_rows.ts";
import { cacheLayers, keysAndValues, LayeredCache } from "./layered_cache.ts";
import type { RowStore, WaitingFormat } from "./row_store.ts";
import { TokenRows } from "./token_rows.ts";
import { UnrotatedKeys } from "./unrotated_keys.ts";

/** Who shares a scale: some tokens of one channel, or some channels of one token. */
export type ScaleAxis = "channel" | "token";

/** How KIVI groups, and how much it leaves alone. */
export interface KiviGrouping {
  /** Values that share a scale and a minimum. Default 32. */
  readonly groupSize?: number;
  /** Tokens that wait in full precision: whole groups, or 0. Default 128. */
  readonly window?: Tokens;
  /**
   * Whether the newest `window` keys always wait, and a group is rounded only after it has left them. Default false, as in
   * KIVI: there the window of keys is emptied whenever it is full.
   */
  readonly sliding?: boolean;
}

/** How a KIVI cache stores. */
export interface KiviOptions extends KiviGrouping {
  /** Bits of a code, from 1 to 8. Default 2. */
  readonly bits?: number | { readonly keys: number; readonly values: number };
  /** Who shares a scale, for comparison with KIVI's own choice. Default: "channel" for keys, "token" for values. */
  readonly keys?: ScaleAxis;
  readonly values?: ScaleAxis;
  /** Whether keys are stored as they were before they were rotated, as KVQuant does. Default false, as KIVI does. */
  readonly beforeRotation?: boolean;
  readonly waiting?: WaitingFormat;
}

/**
 * How can a cache do with two bits? Keys have some channels that are large for every token; a scale for each channel
 * keeps them from spoiling the others. Values have no such channels, and attention adds up few of them: a scale for each
 * token keeps one token's error out of the others. (Liu et al., "KIVI: A Tuning-Free Asymmetric 2bit Quantization for KV
 * Cache", 2024.)
 *
 * Keys wait in full precision until the window is full and are then rounded all at once, in groups of tokens. Values
 * leave the window one by one. So keys of recent tokens are in full precision only now and then, unless the window slides;
 * with window 0, until their group is full. A token sees its cache as it is after it was added.
 *
 * @throws {RangeError} when bits are not from 1 to 8, groups do not fill a token's values, or the window is not whole groups.
 * @example Three bits a value, not two: the scales count
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { KiviCache } from "@fewer-bytes/cache";
 * import { forward, loadModel } from "@fewer-bytes/lm";
 *
 * const model = await loadModel("target");
 * const cache = new KiviCache(model, { bits: 2, groupSize: 32, window: 0 });
 * forward(model, [{ tokens: new Array(32).fill(7), cache }]);
 * assertEquals(8 * cache.bytes / (32 * 5 * 2 * 64), 3); // tokens x layers x keys and values x width
 * ```
 */
export class KiviCache extends LayeredCache {
  constructor(model: LanguageModel, options: KiviOptions = {}) {
    const { bits = 2, groupSize = 32, window = 128, sliding = false } = options;
    const { waiting, beforeRotation = false } = options;
    const width = model.keyValueHeads * model.headDimension;
    const keyBits = typeof bits === "number" ? bits : bits.keys;
    const valueBits = typeof bits === "number" ? bits : bits.values;
    const shared = { groupSize, window, ...(waiting && { waiting }) };
    const rows = (axis: ScaleAxis, bits: number): RowStore =>
      axis === "channel"
        ? new ChannelRows(width, { ...shared, sliding, bits })
        : new TokenRows(width, { ...shared, format: affineFormat(bits, groupSize) });
    super(cacheLayers(model, () => {
      const keys = rows(options.keys ?? "channel", keyBits);
      const values = rows(options.values ?? "token", valueBits);
      return keysAndValues(beforeRotation ? new UnrotatedKeys(keys, model) : keys, values);
    }));
  }
}

/**
 * What does KIVI make of a cache in a deployment? Codes, a 16-bit scale and a 16-bit minimum for each group, and a window
 * of recent tokens as they were written.
 *
 * The window always holds `window` values, but from 0 to `window` − 1 keys, or, sliding, up to a group more; `recent` is
 * the mean of the two.
 *
 * @param bits 2, 3, 4 or 8.
 * @throws {RangeError} for other bits, or a window that is not whole groups.
 * @example Llama 3.1 8B at 128k tokens: 5.3 times smaller, not 8 times
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { kivi } from "@fewer-bytes/cache";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { cacheBytes } from "@fewer-bytes/transformer";
 *
 * const model = findModel("llama-3.1-8b");
 * const ratio = cacheBytes(model, 131_072) / cacheBytes(model, 131_072, { method: kivi(2) });
 * assertAlmostEquals(ratio, 5.32, 0.01);
 * ```
 */
export function kivi(
  bits: number,
  { groupSize = 32, window = 128, sliding = false }: KiviGrouping = {},
): CacheMethod {
  requireInteger(groupSize, 1, "describe KIVI", "the group size");
  requireInteger(window, 0, "describe KIVI", "the window");
  if (window % groupSize) {
    throw new RangeError(
      `Cannot describe KIVI as the window must be whole groups of ${groupSize}: current value is ${window}`,
    );
  }
  return {
    name: `KIVI ${bits}-bit`,
    storage: affineStorage(bits, groupSize),
    recent: meanWaiting({ groupSize, window, sliding }),
  };
}

/** Tokens that wait, as a mean over keys, whose number goes up and down, and values. */
export function meanWaiting({ groupSize, window, sliding }: Required<KiviGrouping>): Tokens {
  const keys = sliding ? window + (groupSize - 1) / 2 : (Math.max(window, groupSize) - 1) / 2;
  return (keys + window) / 2;
}
