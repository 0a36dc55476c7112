import type { LanguageModel } from "../../lm/mod.ts";
import { groupedFormat } from "../../quantization/mod.ts";
import type { CacheMethod } from "../../transformer/mod.ts";
import { requireInteger, type Tokens } from "../../units/mod.ts";
import { FormatCache } from "./format_cache.ts";
import type { WaitingFormat } from "./row_store.ts";
import { turboQuant, type TurboQuantOptions } from "./turbo_quant.ts";

/** How a TurboQuant cache stores. */
export interface TurboQuantCacheOptions extends TurboQuantOptions {
  /** Bits of a code. Default 4. */
  readonly bits?: number;
  /** The newest tokens, which stay as they were written. Default 0. */
  readonly window?: Tokens;
  readonly waiting?: WaitingFormat;
}

/** A cache that stores each head of each token by {@linkcode turboQuant}. */
export class TurboQuantCache extends FormatCache {
  constructor(model: LanguageModel, { bits = 4, rotation, ...rest }: TurboQuantCacheOptions = {}) {
    super(model, {
      ...rest,
      keys: turboQuant(bits, model.headDimension, rotation && { rotation }),
    });
  }
}

/**
 * What does TurboQuant make of a cache in a deployment? Codes, and a 16-bit length for each head of each token.
 *
 * @param bits 2, 3, 4 or 8.
 * @throws {RangeError} for other bits.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { turboQuantMethod } from "@fewer-bytes/cache";
 * import { bytesPerValue } from "@fewer-bytes/catalog";
 *
 * const { storage } = turboQuantMethod(3, { headDimension: 128 });
 * assertEquals(8 * bytesPerValue(storage!), 3.125);
 * ```
 */
export function turboQuantMethod(
  bits: number,
  { headDimension = 128, window = 0 }: { headDimension?: number; window?: Tokens } = {},
): CacheMethod {
  requireInteger(headDimension, 2, "describe TurboQuant", "the head dimension");
  return {
    name: `TurboQuant ${bits}-bit`,
    storage: groupedFormat({ bits, groupSize: headDimension }, { scaleBits: 16, zeroPointBits: 0 }),
    recent: requireInteger(window, 0, "describe TurboQuant", "the window"),
  };
}
