import { requireInteger, type Tokens } from "../../units/mod.ts";
import { sumOverLoads } from "./binomial.ts";

/**
 * How much more is computed because matrices are multiplied in tiles? Each expert's tokens are rounded up to whole tiles, so
 * many experts with few tokens each compute mostly padding. It costs arithmetic, not traffic: weights are read once anyway.
 *
 * @param tile Rows of a tile: 64 or 128 on most matrix units.
 * @returns Computed rows over tokens: 1 when nothing is wasted.
 * @throws {RangeError} when a value is out of range.
 * @example 128 tokens in Qwen3-30B-A3B fill a sixteenth of their tiles, 16,384 nearly all
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { evenChances, paddedTokens } from "@fewer-bytes/experts";
 *
 * const chances = evenChances(128, 8);
 * assertAlmostEquals(paddedTokens(chances, 128, 128), 16, 0.1);
 * assertAlmostEquals(paddedTokens(chances, 16_384, 128), 1.06, 0.01);
 * ```
 */
export function paddedTokens(chances: ArrayLike<number>, tokens: Tokens, tile: number): number {
  requireInteger(chances.length, 1, "count padding", "the number of experts");
  requireInteger(tokens, 1, "count padding", "the tokens");
  requireInteger(tile, 1, "count padding", "the tile");
  const rows = sumOverLoads(chances, tokens, (load) => Math.ceil(load / tile) * tile);
  return rows / sumOverLoads(chances, tokens, (load) => load);
}
