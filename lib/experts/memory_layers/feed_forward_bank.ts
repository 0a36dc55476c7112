import type { Tier } from "../../memory/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import type { BankLevel } from "./memory_bank.ts";

/** A bank whose blocks are neurons that are put beside those of every layer. */
export interface FeedForwardBank {
  /** Layers of the anchor model. */
  readonly layers: number;
  readonly hiddenSize: number;
  /** Neurons that one block of each level adds to each layer, from the most general level on; 0 for a level without blocks. */
  readonly widths: readonly number[];
  /** Into how many parts each cluster of texts is cut at the next level. Default 16. */
  readonly branching?: number;
  /** Where each level lies; the last one is for all that follow. */
  readonly tiers: readonly [Tier, ...Tier[]];
}

/**
 * How large are the blocks of a bank, and how many are there? A block widens the gated network of each layer by some neurons of
 * three rows each; and as clusters of texts are cut again and again, level l has branching^l blocks. So wide blocks of a few levels
 * make what is fetched large, and narrow ones of deep levels make the bank large.
 *
 * Source: Pouransari et al., "Pretraining with Hierarchical Memories" (arXiv 2510.02375), section 2.2 and table 7.
 *
 * @returns Levels for {@linkcode bankCosts}, without those that have no blocks.
 * @throws {RangeError} when a size is no whole number, or all levels are empty.
 * @example The 18 million that an anchor of 160 million fetches, of 4.6 billion
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findMemory } from "@fewer-bytes/catalog";
 * import { bankCosts, feedForwardBank } from "@fewer-bytes/experts";
 *
 * const levels = feedForwardBank({
 *   layers: 35,
 *   hiddenSize: 512,
 *   widths: [256, 64, 16, 0],
 *   tiers: [findMemory("ufs-3.1")],
 * });
 * const { fetched, bank } = bankCosts({ anchor: 163_510_016, levels });
 * assertEquals([fetched, bank], [18_063_360, 4_624_220_160]);
 * ```
 */
export function feedForwardBank(
  { layers, hiddenSize, widths, branching = 16, tiers }: FeedForwardBank,
): BankLevel[] {
  requireInteger(layers, 1, "size a bank", "the layers");
  requireInteger(hiddenSize, 1, "size a bank", "hiddenSize");
  requireInteger(branching, 1, "size a bank", "branching");
  const levels = widths.map((width, level) => ({
    blocks: branching ** (level + 1),
    parameters: layers * 3 * hiddenSize * requireInteger(width, 0, "size a bank", "a width"),
    tier: tiers[Math.min(level, tiers.length - 1)]!,
  })).filter(({ parameters }) => parameters > 0);
  requireInteger(levels.length, 1, "size a bank", "the number of levels with blocks");
  return levels;
}
