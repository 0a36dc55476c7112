import { requireInteger } from "../../units/mod.ts";

/**
 * How many of the drafted tokens would the target have written itself? Those before the first difference: with greedy decoding
 * a draft is right or wrong, and nothing has to be drawn.
 *
 * @param drafted What was drafted.
 * @param chosen The target's own choice at each of these places, given the drafted tokens before it.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { agreedPrefix } from "@fewer-bytes/decoding";
 *
 * assertEquals(agreedPrefix([4, 8, 2, 1], [4, 8, 3, 1]), 2);
 * ```
 */
export function agreedPrefix(drafted: ArrayLike<number>, chosen: ArrayLike<number>): number {
  let agreed = 0;
  while (agreed < drafted.length && drafted[agreed] === chosen[agreed]) agreed++;
  return agreed;
}

/** How a text is written in blocks. */
export interface BlockwiseOptions {
  /** Tokens that are accepted of each block, on average: the first, which is certain, included. */
  readonly blockSize: number;
  /**
   * Whether the pass that verifies a block predicts the next one too, since heads for later places sit on the same model.
   * Default true.
   */
  readonly combined?: boolean;
}

/**
 * How many passes does blockwise parallel decoding take for a text? Heads on the model predict the next tokens at once, the
 * model verifies them, and the longest prefix that it agrees with is kept. With separate passes to predict and to verify a
 * text of m tokens takes 2m/k of them; combined, m/k and one to begin.
 *
 * How many tokens a block gives follows from the accuracy of the heads as from acceptances: `tokensPerRound(accuracies)`.
 *
 * Source: Stern, Shazeer and Uszkoreit, "Blockwise Parallel Decoding for Deep Autoregressive Models" (2018).
 *
 * @throws {RangeError} when the length is no whole number, or a block smaller than its certain token.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { blockwisePasses } from "@fewer-bytes/decoding";
 *
 * assertEquals(blockwisePasses(100, { blockSize: 4 }), 26);
 * assertEquals(blockwisePasses(100, { blockSize: 4, combined: false }), 50);
 * ```
 */
export function blockwisePasses(
  length: number,
  { blockSize, combined = true }: BlockwiseOptions,
): number {
  requireInteger(length, 1, "count passes", "the length");
  if (!(blockSize >= 1 && blockSize < Infinity)) {
    throw new RangeError(
      `Cannot count passes as a block must give at least its certain token: current value is ${blockSize}`,
    );
  }
  return combined ? length / blockSize + 1 : 2 * length / blockSize;
}
