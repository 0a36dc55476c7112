import type { Attention, Model, Storage } from "../catalog/mod.ts";
import { formula } from "../numeric/mod.ts";
import { type Bytes, requireAtLeast, requireInteger, type Tokens } from "../units/mod.ts";
import { type CacheMethod, completeCacheMethod, storedBytes } from "./cache_method.ts";
import { headsPerDevice } from "./projections.ts";
import type { Reads } from "./reads.ts";

/** The cache of attention with heads, as it is printed and computed. */
export const cacheBytesPerTokenFormula = formula(
  "bytes = 2 * layers * heads * dimension * size",
  {
    bytes: "bytes of cache for each token; the 2 is for a key and a value",
    layers: "layers of the model",
    heads: "heads of keys and values in a layer",
    dimension: "values in one head",
    size: "bytes of one value: 2 at sixteen bits",
  },
);

/** How a cache is kept. */
export interface CacheOptions {
  /** The format of keys and values, or of the latent, as they are written. Default bf16. */
  readonly storage?: Storage;
  /** What becomes of them then. Default: they stay as they are, all of them. */
  readonly method?: CacheMethod | undefined;
  /** What attention reads, which may need something beside keys and values. Default: all, and nothing else. */
  readonly reads?: Reads | undefined;
  /** Devices of a tensor-parallel group; the answer is for one of them. Default 1. */
  readonly devices?: number;
}

/**
 * How many values does one layer keep for one token?
 *
 * A key and a value for each key-value head; or one latent with one rotary key, which every device of a group needs
 * whole; or nothing, when the layer reads the cache of an earlier one.
 */
export function cachedValues(attention: Attention, devices = 1): number {
  return attention.kind === "heads" && attention.sharesCache ? 0 : readValues(attention, devices);
}

/**
 * How many values of one token does one layer read? What it keeps; or, when it shares the cache of an earlier layer, what
 * that one keeps: sharing saves memory, and not traffic, since nothing that was read for one layer is still on the chip
 * when the next one needs it.
 */
export function readValues(attention: Attention, devices = 1): number {
  if (attention.kind === "latent") return attention.keyValueRank + attention.rotaryDimension;
  return 2 * headsPerDevice(attention, devices).keyValue * attention.headDimension;
}

/**
 * By how many bytes does the cache grow with each token, while no window is full?
 *
 * @returns Bytes per token, on one device, for one sequence.
 * @example The three ways to cache
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { cacheBytesPerToken } from "@fewer-bytes/transformer";
 *
 * assertEquals(cacheBytesPerToken(findModel("qwen3-8b")), 147_456); // GQA: 36 layers x 2 x 8 heads x 128 x 2 bytes
 * assertEquals(cacheBytesPerToken(findModel("deepseek-v3")), 70_272); // MLA: 61 layers x (512 + 64) x 2 bytes
 * ```
 */
export function cacheBytesPerToken(model: Model, options: CacheOptions = {}): Bytes {
  return cacheBytes(model, 1, options);
}

/**
 * How large is the cache of one sequence? A layer with a window keeps the window and no more, a method that evicts its
 * budget; what is kept in the place of keys and values is needed whole on every device.
 *
 * @param context Tokens that the sequence holds.
 * @throws {RangeError} when the context is negative, or the heads cannot be split.
 */
export function cacheBytes(model: Model, context: Tokens, options: CacheOptions = {}): Bytes {
  const { storage = "bf16", devices = 1, method, reads } = options;
  requireAtLeast(context, 0, "size a cache", "the context");
  requireInteger(devices, 1, "size a cache", "devices");
  const complete = completeCacheMethod(storage, method);
  let bytes = 0;
  for (const { count, attention } of model.layers) {
    const window = attention.kind === "heads" ? attention.window ?? Infinity : Infinity;
    const tokens = Math.min(context, window, complete.budget);
    const own = cachedValues(attention, devices);
    const values = own && (method?.kept?.(attention, model).values ?? own);
    const index = own && (reads?.index?.(attention, complete.writtenSize) ?? 0);
    bytes += count * (values * storedBytes(tokens, complete) + index * tokens);
  }
  return bytes;
}
