import { formula } from "../../numeric/mod.ts";
import { requireInteger, requirePositive } from "../../units/mod.ts";

/** What is left of the tokens in a layer when each layer keeps a share of what the one below kept. */
export const cascadeFormula = formula("kept = ratio ^ layer", {
  kept: "share of the tokens that a layer still sees",
  ratio: "share that each layer keeps of what it gets",
  layer: "how many layers have pruned",
});

/** What a cascade leaves. */
export interface Cascade {
  /** Share of all tokens, or heads, that each layer still works on. */
  readonly kept: readonly number[];
  /** Their mean over the layers: of keys and values that a new token reads, and of its attention. */
  readonly reads: number;
  /** The mean of their squares: of the pairs in a prompt, where pruned tokens do not ask either. */
  readonly pairs: number;
}

/**
 * What does cascade pruning leave? A token pruned in one layer is absent in all layers above, so shares multiply.
 *
 * A layer keeps the product of the ratios up to its own. Pruning early is worth most, and is judged by least. (Wang et al.
 * 2020, SpAtten.)
 *
 * @param ratios For each layer the share that it keeps of what the layer below kept, above 0 and at most 1.
 * @throws {RangeError} without layers, or for a ratio out of range.
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { cascade } from "@fewer-bytes/cache";
 *
 * const { kept, reads, pairs } = cascade([1, 0.5, 0.5]);
 * assertEquals(kept, [1, 0.5, 0.25]);
 * assertAlmostEquals(reads, 1.75 / 3, 1e-12);
 * assertAlmostEquals(pairs, (1 + 0.25 + 0.0625) / 3, 1e-12);
 * ```
 */
export function cascade(ratios: readonly number[]): Cascade {
  requireInteger(ratios.length, 1, "cascade", "the number of layers");
  let share = 1;
  const kept = ratios.map((ratio) => {
    requirePositive(ratio, "cascade", "each ratio");
    if (ratio > 1) {
      throw new RangeError(`Cannot cascade as each ratio must be <= 1: current value is ${ratio}`);
    }
    return share *= ratio;
  });
  const mean = (value: (share: number) => number) =>
    kept.reduce((sum, share) => sum + value(share), 0) / kept.length;
  return { kept, reads: mean((share) => share), pairs: mean((share) => share ** 2) };
}
