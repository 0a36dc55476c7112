import type { LanguageModel } from "../../lm/mod.ts";
import type { BlockFormat } from "../../quantization/mod.ts";
import type { Tokens } from "../../units/mod.ts";
import { cacheLayers, keysAndValues, LayeredCache } from "./layered_cache.ts";
import type { WaitingFormat } from "./row_store.ts";
import { TokenRows } from "./token_rows.ts";

/** A format for all layers, or one for each. */
export type LayerFormat = BlockFormat | ((layer: number) => BlockFormat);

/** How a cache stores each token by itself. */
export interface FormatCacheOptions {
  readonly keys: LayerFormat;
  /** Default: as the keys. */
  readonly values?: LayerFormat;
  /** The newest tokens, which stay as they were written. Default 0. */
  readonly window?: Tokens;
  /** What they are written in: 32 bits, as the runtime has them (default), or 16, as a real cache. */
  readonly waiting?: WaitingFormat;
}

/**
 * What does a format of chapter 03 do to a cache? Each token's keys and values are stored in it when they leave the window.
 *
 * Whatever can store a row can be a cache: MXFP4, NF4, block floating point, or a format that rotates first.
 *
 * @throws {RangeError} when the blocks of a format do not fill the keys of a token.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FormatCache } from "@fewer-bytes/cache";
 * import { forward, loadModel } from "@fewer-bytes/lm";
 * import { microscaling } from "@fewer-bytes/quantization";
 *
 * const model = await loadModel("target");
 * const cache = new FormatCache(model, { keys: microscaling.mxfp4 });
 * forward(model, [{ tokens: [0, 5, 9], cache }]);
 * assertEquals(cache.bytes, 3 * 5 * 2 * 64 * 4.25 / 8); // tokens x layers x keys and values x width x bytes
 * ```
 */
export class FormatCache extends LayeredCache {
  constructor(model: LanguageModel, { keys, values = keys, ...options }: FormatCacheOptions) {
    const width = model.keyValueHeads * model.headDimension;
    const rows = (format: LayerFormat, layer: number) =>
      new TokenRows(width, {
        ...options,
        format: typeof format === "function" ? format(layer) : format,
      });
    super(cacheLayers(model, (_, layer) => keysAndValues(rows(keys, layer), rows(values, layer))));
  }
}
