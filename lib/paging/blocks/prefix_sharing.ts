import { formula } from "../../numeric/mod.ts";
import { requireInteger, type Tokens } from "../../units/mod.ts";

/** Tokens that are stored, as it is printed and computed; without what the last blocks leave empty. */
export const prefixSharingFormula = formula(
  "tokens = prefix + requests * suffix",
  {
    tokens: "tokens stored for all requests together",
    prefix: "tokens that they have in common, stored once",
    requests: "requests",
    suffix: "tokens that each has for itself, on average",
  },
);

/**
 * How many blocks do sequences take that begin alike?
 *
 * The full blocks of the prefix are stored once. The one that is half full is shared only until somebody writes into it:
 * then each writer has its own copy, and so each sequence that goes on pays for the tokens at the end of the prefix again.
 *
 * @param prefix Tokens that all have in common.
 * @param suffixes For each sequence, the tokens that follow.
 * @param blockSize Tokens in a block. Default 16.
 * @returns Blocks with sharing, and without.
 * @throws {RangeError} when a number is no whole one.
 * @example Parallel sampling
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { prefixSharingBlocks } from "@fewer-bytes/paging";
 *
 * assertEquals(prefixSharingBlocks(100, [20, 20, 20]), { shared: 6 + 3 * 2, separate: 3 * 8 });
 * ```
 */
export function prefixSharingBlocks(
  prefix: Tokens,
  suffixes: readonly Tokens[],
  blockSize: Tokens = 16,
): { readonly shared: number; readonly separate: number } {
  requireInteger(prefix, 0, "share a prefix", "the prefix");
  requireInteger(blockSize, 1, "share a prefix", "blockSize");
  const full = Math.floor(prefix / blockSize);
  const rest = prefix % blockSize;
  let own = 0;
  let separate = 0;
  let idle = 0;
  for (const suffix of suffixes) {
    requireInteger(suffix, 0, "share a prefix", "a suffix");
    separate += Math.ceil((prefix + suffix) / blockSize);
    if (suffix === 0) idle++;
    else own += Math.ceil((rest + suffix) / blockSize);
  }
  // Those that add nothing share the half-full block among them.
  const half = rest > 0 && idle > 0 ? 1 : 0;
  return { shared: suffixes.length > 0 ? full + half + own : 0, separate };
}
