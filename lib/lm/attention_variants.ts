import data from "../../data/lm/variants.json" with { type: "json" };
import { type Bytes, requireInteger } from "../units/mod.ts";

/** What a small model learned that has its own kind of attention, and was trained like the others. */
export interface AttentionVariant {
  /** The kind of attention, such as "GQA". */
  readonly name: string;
  readonly parameters: number;
  /** Values that a token leaves in the cache of one layer. */
  readonly cachedValues: number;
  /** For each layer, how many tokens it looks back on; null for all. */
  readonly windows: readonly (number | null)[];
  readonly tokensSeen: number;
  /** Mean surprise of the test stories, in nats. */
  readonly loss: number;
  /** Recalls of facts by largest distance: how many, and the share that was right; the same for counted things. */
  readonly recall: Readonly<Record<string, readonly number[]>>;
  readonly counted: readonly number[];
}

/**
 * Six kinds of attention at equal parameters, all trained on the same stories by data/lm/train_variants.py; `loadVariant`
 * gives the models.
 */
export const attentionVariants: readonly AttentionVariant[] = data.variants;

/**
 * How many bytes does a variant cache for a story? Layers with a window forget what lies behind it.
 *
 * @param bytesPerValue Default 2, for 16-bit floats.
 * @throws {RangeError} when tokens is not a whole number.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { attentionVariants, variantCacheBytes } from "@fewer-bytes/lm";
 *
 * const [all, grouped] = ["MHA", "GQA"].map((name) => {
 *   return attentionVariants.find((variant) => variant.name === name)!;
 * });
 * assertEquals(variantCacheBytes(all!, 1024) / variantCacheBytes(grouped!, 1024), 2);
 * ```
 */
export function variantCacheBytes(
  { cachedValues, windows }: AttentionVariant,
  tokens: number,
  bytesPerValue = 2,
): Bytes {
  requireInteger(tokens, 0, "size a cache", "tokens");
  return windows.reduce<number>(
    (sum, window) => sum + cachedValues * bytesPerValue * Math.min(tokens, window ?? tokens),
    0,
  );
}
