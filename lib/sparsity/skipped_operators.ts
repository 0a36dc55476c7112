import type { Operator } from "../transformer/mod.ts";
import { requireAtLeast, requireInteger } from "../units/mod.ts";

/**
 * What changes in the operator table when activations are zero? Columns of weights that no token needs are not read, and
 * multiplications with zeros are not done.
 *
 * One token needs a share d of the columns; t tokens together need `1 − (1 − d)^t` of them, if each picks its own at
 * random. At d = 1/2 eight tokens already need 99.6 %: activation sparsity is for decoding with very small batches.
 * Tokens that pick alike need less than this.
 *
 * @param table Of one step, from `operators`.
 * @param densities Share of inputs that are not zero, by the name of the operator; others stay as they are. Where only
 * one of two matrices of an operator is skipped, as the way up beside its gate, give the mean of both.
 * @param tokens Computed together: batch times new tokens.
 * @throws {RangeError} when a density is no share, or `tokens` no whole number from 1.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { skippedOperators } from "@fewer-bytes/sparsity";
 * import { operators, sumOperators } from "@fewer-bytes/transformer";
 *
 * const table = operators(findModel("llama-3.1-8b"), { phase: "decode", batch: 1, newTokens: 1, context: 100 });
 * const halved = skippedOperators(table, { "feed-forward down": 0.5 }, 1);
 * const saved = sumOperators(table).bytes.weights - sumOperators(halved).bytes.weights;
 * assertAlmostEquals(saved / 2, 32 * 14336 * 4096 / 2); // values of 2 bytes: half of the way down in 32 layers
 * ```
 */
export function skippedOperators(
  table: readonly Operator[],
  densities: Readonly<Record<string, number>>,
  tokens: number,
): Operator[] {
  return table.map((row) => {
    const own = densities[row.name];
    if (own === undefined) return row;
    const weights = row.bytes.weights * neededShare(own, tokens);
    return { ...row, flops: row.flops * own, bytes: { ...row.bytes, weights } };
  });
}

/**
 * Which share of the columns do several tokens need together, when each needs its own share at random?
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { neededShare } from "@fewer-bytes/sparsity";
 *
 * assertEquals(neededShare(0.5, 1), 0.5);
 * assertEquals(neededShare(0.5, 3), 0.875);
 * ```
 */
export function neededShare(density: number, tokens: number): number {
  requireAtLeast(density, 0, "skip reads", "density");
  requireInteger(tokens, 1, "skip reads", "tokens");
  if (density > 1) {
    throw new RangeError(`Cannot skip reads as density must be <= 1: current value is ${density}`);
  }
  return 1 - (1 - density) ** tokens;
}
