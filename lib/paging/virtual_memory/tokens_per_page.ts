import { bytesPerValue, type Model, type Storage } from "../../catalog/mod.ts";
import { cachedValues } from "../../transformer/mod.ts";
import { type Bytes, requireInteger, type Tokens } from "../../units/mod.ts";

/** How keys and values lie in virtual memory. */
export interface PageOptions {
  /** Default bf16. */
  readonly storage?: Storage;
  /** Devices that split the heads among them. Default 1. */
  readonly devices?: number;
  /**
   * "layer": keys and values of each layer in buffers of their own, as kernels expect them. "all layers": one buffer for
   * all of them, whose rows hold a token's keys and values in every layer. Default "layer".
   */
  readonly buffers?: "layer" | "all layers";
}

/**
 * The operating system has pages too. How many tokens does one hold?
 *
 * vAttention keeps each cache contiguous in virtual memory, and maps physical pages as it grows. A page belongs to one
 * buffer, such as the keys of one layer, so it holds many more tokens than bytes suggest: 2 MiB are 1,024 tokens of
 * Llama-3-8B. That is its block size, and decides what it wastes: {@linkcode pagedWaste} takes it. (Prabhu et al. 2024.)
 *
 * @param pageBytes 64 KiB, 128 KiB or 256 KiB with a driver made for it, 2 MiB with the common one.
 * @returns Tokens; below 1 when one token needs several pages.
 * @throws {RangeError} when the page size is no whole number, or the layers differ in what they keep.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { tokensPerPage } from "@fewer-bytes/paging";
 *
 * const model = findModel("llama-3.1-8b");
 * assertEquals(tokensPerPage(model, 2 ** 21), 1024);
 * assertEquals(tokensPerPage(model, 64 * 1024), 32);
 * assertEquals(tokensPerPage(model, 64 * 1024, { devices: 2 }), 64);
 * assertEquals(tokensPerPage(model, 2 ** 21, { buffers: "all layers" }), 16);
 * ```
 */
export function tokensPerPage(model: Model, pageBytes: Bytes, options: PageOptions = {}): Tokens {
  requireInteger(pageBytes, 1, "size a page", "pageBytes");
  const { buffers, rowBytes } = cacheBuffers(model, options);
  return options.buffers === "all layers" ? pageBytes / (buffers * rowBytes) : pageBytes / rowBytes;
}

/** Buffers that one sequence has with a buffer for each layer, and the bytes of a token in each. */
export function cacheBuffers(
  model: Model,
  { storage = "bf16", devices = 1 }: PageOptions = {},
): { readonly buffers: number; readonly rowBytes: Bytes } {
  let buffers = 0;
  const rows = new Set<number>();
  for (const { count, attention } of model.layers) {
    const values = cachedValues(attention, devices);
    if (values === 0) continue;
    // With a latent, keys and values are one.
    const own = attention.kind === "latent" ? 1 : 2;
    buffers += own * count;
    rows.add(values / own * bytesPerValue(storage));
  }
  const [rowBytes] = rows;
  if (rowBytes === undefined || rows.size > 1) {
    throw new RangeError(
      `Cannot size a page as all layers of ${model.name} must keep equally much: they keep ${[
        ...rows,
      ]} bytes`,
    );
  }
  return { buffers, rowBytes };
}
