import { type CacheEntry, type LanguageModel, multiplyRows } from "../../lm/mod.ts";
import type { CacheMethod } from "../../transformer/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { affineFormat, affineStorage } from "./affine_format.ts";
import { ChannelRows } from "./channel_rows.ts";
import { type KiviGrouping, meanWaiting } from "./kivi.ts";
import { type LatentPair, pairOf } from "./latent_pair.ts";
import { cacheLayers, LayeredCache } from "./layered_cache.ts";
import { RebuiltLayer, type Source } from "./rebuilt_layer.ts";
import type { WaitingFormat } from "./row_store.ts";
import { TokenRows } from "./token_rows.ts";
import { keyWidth } from "./xquant.ts";

/** How a latent XQuant cache stores. */
export interface XQuantLatentOptions extends KiviGrouping {
  /** Bits of a code, from 1 to 8. Default 4. */
  readonly bits?: number;
  /** Directions kept for keys, and as many for values. Default: all. */
  readonly rank?: number;
  readonly waiting?: WaitingFormat;
}

/**
 * XQuant for grouped heads: keep not X but what the key and the value matrix look at, X·U, with U the input directions of
 * their singular values. Each is as wide as the keys; so nothing is saved by width, and the gain must come from bits: the
 * latent of the keys is not yet rotated, and its loud directions are sorted into its first channels.
 *
 * The latent of the keys is stored channel by channel, that of the values token by token, as KIVI stores those.
 *
 * @throws {RangeError} when bits are not from 1 to 8, the rank is too large, or groups fill neither window nor latent.
 * @example As many values as keys and values have
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { XQuantLatentCache } from "@fewer-bytes/cache";
 * import { forward, loadModel } from "@fewer-bytes/lm";
 *
 * const model = await loadModel("target");
 * const cache = new XQuantLatentCache(model, { bits: 4, groupSize: 32, window: 0 });
 * forward(model, [{ tokens: new Array(32).fill(7), cache }]);
 * assertEquals(8 * cache.bytes / (32 * 5 * 2 * 64), 5);
 * ```
 */
export class XQuantLatentCache extends LayeredCache {
  constructor(model: LanguageModel, options: XQuantLatentOptions = {}) {
    const { bits = 4, groupSize = 32, window = 128, sliding = false, waiting } = options;
    const rank = options.rank ?? Math.min(model.layers[0]!.keys.outputs, model.shape.hiddenSize);
    const shared = { window, ...(waiting && { waiting }) };
    super(cacheLayers(model, (layer) =>
      new RebuiltLayer({
        shape: model,
        keys: source(
          pairOf(layer.keys, rank),
          new ChannelRows(rank, { ...shared, bits, groupSize, sliding }),
        ),
        values: source(
          pairOf(layer.values, rank),
          new TokenRows(rank, { ...shared, format: affineFormat(bits, groupSize) }),
        ),
      })));
  }
}

function source({ down, up }: LatentPair, store: Source["store"]): Source {
  return {
    store,
    weight: up,
    keep: ({ hidden }: CacheEntry) => {
      const latent = new Float32Array(down.outputs);
      multiplyRows(hidden, 1, down, latent);
      return latent;
    },
  };
}

/**
 * What does latent XQuant make of a cache in a deployment? Two latents as wide as the keys, and two small matrices at each
 * read: 4 · width².
 *
 * @param bits 2, 3, 4 or 8.
 * @throws {RangeError} for other bits, or a window that is not whole groups.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { xquantLatent } from "@fewer-bytes/cache";
 * import { findModel } from "@fewer-bytes/catalog";
 *
 * const model = findModel("llama-3.1-8b");
 * assertEquals(xquantLatent(4).kept!(model.layers[0]!.attention, model), {
 *   values: 2048,
 *   rebuild: 4 * 1024 ** 2,
 * });
 * ```
 */
export function xquantLatent(
  bits: number,
  { groupSize = 128, window = 0, sliding = false }: KiviGrouping = {},
): CacheMethod {
  requireInteger(groupSize, 1, "describe XQuant", "the group size");
  requireInteger(window, 0, "describe XQuant", "the window");
  if (window % groupSize) {
    throw new RangeError(
      `Cannot describe XQuant as the window must be whole groups of ${groupSize}: current value is ${window}`,
    );
  }
  return {
    name: `XQuant latent ${bits}-bit`,
    storage: affineStorage(bits, groupSize),
    recent: meanWaiting({ groupSize, window, sliding }),
    kept: (attention) => ({
      values: 2 * keyWidth(attention),
      rebuild: 4 * keyWidth(attention) ** 2,
    }),
  };
}
