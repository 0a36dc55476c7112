import type { LanguageModel } from "../../lm/mod.ts";
import type { Attention } from "../../catalog/mod.ts";
import type { CacheMethod } from "../../transformer/mod.ts";
import { requireInteger, type Tokens } from "../../units/mod.ts";
import { affineFormat, affineStorage } from "./affine_format.ts";
import { cacheLayers, LayeredCache } from "./layered_cache.ts";
import { RebuiltLayer } from "./rebuilt_layer.ts";
import type { WaitingFormat } from "./row_store.ts";
import { TokenRows } from "./token_rows.ts";

/** How XQuant groups, and how much it leaves alone. */
export interface XQuantGrouping {
  /** Channels of a token that share a scale and a minimum. Default 64 in the tiny model, 128 in a deployment. */
  readonly groupSize?: number;
  /** The newest tokens, which stay as they were written. Default 0. */
  readonly window?: Tokens;
}

/** How an XQuant cache stores. */
export interface XQuantOptions extends XQuantGrouping {
  /** Bits of a code, from 1 to 8. Default 4. */
  readonly bits?: number;
  readonly waiting?: WaitingFormat;
}

/**
 * Why keep two results when the input is one? XQuant keeps the normalized input X of a layer, in few bits, and makes keys
 * and values of it again at each read. (Tomar et al., "XQuant: Breaking the Memory Wall for LLM Inference with KV Cache
 * Rematerialization", 2025.)
 *
 * Where each query head has its own keys and values, X is half as wide as both together. With grouped heads it is wider,
 * in this model 192 values against 128: then see `XQuantLatentCache`.
 *
 * @throws {RangeError} when bits are not from 1 to 8, or groups do not fill the hidden state.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { XQuantCache } from "@fewer-bytes/cache";
 * import { forward, loadModel } from "@fewer-bytes/lm";
 *
 * const model = await loadModel("target");
 * const cache = new XQuantCache(model, { bits: 4, groupSize: 64 });
 * forward(model, [{ tokens: [0, 5], cache }]);
 * assertEquals(8 * cache.bytes / (2 * 5 * 192), 4.5);
 * ```
 */
export class XQuantCache extends LayeredCache {
  constructor(model: LanguageModel, options: XQuantOptions = {}) {
    const { bits = 4, groupSize = 64, ...rest } = options;
    super(cacheLayers(model, (layer) => {
      const store = new TokenRows(model.shape.hiddenSize, {
        ...rest,
        format: affineFormat(bits, groupSize),
      });
      const keep = ({ hidden }: { hidden: Float32Array }) => hidden;
      return new RebuiltLayer({
        shape: model,
        keys: { store, keep, weight: layer.keys },
        values: { store, keep, weight: layer.values },
      });
    }));
  }
}

/**
 * What does XQuant make of a cache in a deployment? One input of the hidden size for each token and layer, and the work of
 * two projections whenever it is read: 4 · hidden size · width of the keys.
 *
 * That work is large: with 4,096 channels and 4 bits, 32,768 operations for each byte that is read, a hundred times what
 * an accelerator can do meanwhile. It saves memory, and time only where many queries share a read.
 *
 * @param bits 2, 3, 4 or 8.
 * @throws {RangeError} for other bits; from `kept`, for latent attention, which has a smaller input of its own.
 * @example Half where all heads have their own keys; with grouped heads, X is twice as wide as keys and values together
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { xquant } from "@fewer-bytes/cache";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { cachedValues } from "@fewer-bytes/transformer";
 *
 * const ratio = (name: string) => {
 *   const model = findModel(name);
 *   const { attention } = model.layers[0]!;
 *   return xquant(4).kept!(attention, model).values / cachedValues(attention);
 * };
 * assertEquals(ratio("llama-2-7b"), 0.5);
 * assertEquals(ratio("llama-3.1-8b"), 2);
 * ```
 */
export function xquant(bits: number, grouping: XQuantGrouping = {}): CacheMethod {
  const { groupSize = 128, window = 0 } = grouping;
  return {
    name: `XQuant ${bits}-bit`,
    storage: affineStorage(bits, groupSize),
    recent: requireInteger(window, 0, "describe XQuant", "the window"),
    kept: (attention, { hiddenSize }) => ({
      values: hiddenSize,
      rebuild: 4 * hiddenSize * keyWidth(attention),
    }),
  };
}

/** Values of the keys of a token in one layer. */
export function keyWidth(attention: Attention): number {
  if (attention.kind !== "heads") {
    throw new RangeError(
      `Cannot keep inputs in the place of keys and values as attention must have heads: current kind is ${attention.kind}`,
    );
  }
  return attention.keyValueHeads * attention.headDimension;
}
