import type { Model } from "../../catalog/mod.ts";
import { type Operator, type OperatorOptions, operators } from "../../transformer/mod.ts";
import { requirePositive } from "../../units/mod.ts";
import type { Recompute } from "../activations/activation_bytes.ts";
import type { MicroBatch } from "../activations/kept_activations.ts";

const elementwise = ["norms", "final norm", "activation function", "embedding"];
const outside = ["embedding", "final norm", "head"];

/**
 * What does the forward pass of training compute? The table of a prefill over whole sequences with nothing cached, and one
 * difference: the head is applied to every token, since each is a prediction to learn from. What a prefill writes into the
 * cache are here the keys and values that the backward pass will want.
 *
 * @throws {RangeError} when the batch is none.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { sumOperators } from "@fewer-bytes/transformer";
 * import { trainingForward } from "@fewer-bytes/training";
 *
 * const rows = trainingForward(findModel("llama-3.1-8b"), { sequences: 1, tokens: 2048 });
 * assertAlmostEquals(sumOperators(rows).flops / 2048 / 1e9, 15.56, 0.01); // two for each weight that multiplies, and attention
 * ```
 */
export function trainingForward(
  model: Model,
  { sequences, tokens }: MicroBatch,
  options: Pick<OperatorOptions, "formats" | "devices"> = {},
): Operator[] {
  const step = { phase: "prefill", batch: sequences, newTokens: tokens, context: 0 } as const;
  return operators(model, step, options).map((row) =>
    row.name !== "head" ? row : {
      ...row,
      flops: row.flops * tokens,
      bytes: { ...row.bytes, activations: row.bytes.activations * tokens },
    }
  );
}

/**
 * What does the backward pass compute? For each product of the forward pass two of the same size: one for the derivative
 * by its input, one for that by its weights. Each has three matrices to move, so bytes are twice as many as well. What
 * works on each value by itself reads one value more than forward. Devices that split a layer add up as often as forward.
 *
 * @param forward The rows of {@linkcode trainingForward}.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { sumOperators } from "@fewer-bytes/transformer";
 * import { backwardOperators, trainingForward } from "@fewer-bytes/training";
 *
 * const forward = trainingForward(findModel("gpt2"), { sequences: 4, tokens: 1024 });
 * assertEquals(sumOperators(backwardOperators(forward)).flops, 2 * sumOperators(forward).flops);
 * ```
 */
export function backwardOperators(forward: readonly Operator[]): Operator[] {
  return forward.map((row) => {
    const times = isElementwise(row) ? 1.5 : 2;
    return {
      ...row,
      name: `${row.name}, backward`,
      flops: 2 * row.flops,
      bytes: {
        weights: 2 * row.bytes.weights,
        cache: 2 * row.bytes.cache,
        activations: times * row.bytes.activations,
      },
    };
  });
}

/**
 * What is computed once more before it can be differentiated? With "attention" the attention of each layer, with "layers"
 * all of each layer. FlashAttention kept no scores, so that its backward pass makes them again in any case: half of the
 * forward attention, without a byte.
 *
 * @param forward The rows of {@linkcode trainingForward}.
 * @param fused Whether attention is. Default true.
 */
export function recomputedOperators(
  forward: readonly Operator[],
  recompute: Recompute,
  fused = true,
): Operator[] {
  const again = forward.filter(({ name }) =>
    recompute === "layers"
      ? !outside.includes(name)
      : recompute === "attention" && isAttention(name)
  ).map((row) => ({ ...row, name: `${row.name}, again` }));
  if (!fused) return again;
  const scores = forward.filter(({ name }) => isAttention(name)).map((row) => ({
    ...row,
    name: "scores, again",
    flops: row.flops / 2,
    bytes: { weights: 0, cache: 0, activations: 0 },
  }));
  return [...again, ...scores];
}

/**
 * The update of the weights: a handful of operations on each, and all of its state read and written.
 *
 * @param parameters Of them, those that this device updates.
 * @param bytesEach Read and written of each: 28 for Adam in mixed precision, gradient and 12 bytes of state in, state and
 * weight out.
 * @throws {RangeError} when one of both is not above zero.
 */
export function updateOperator(parameters: number, bytesEach: number): Operator {
  requirePositive(parameters, "list the update", "the number of parameters");
  requirePositive(bytesEach, "list the update", "the bytes of each parameter");
  return {
    name: "update",
    layers: 1,
    flops: 12 * parameters,
    bytes: { weights: bytesEach * parameters, cache: 0, activations: 0 },
    transfer: 0,
    precision: "fp32",
  };
}

/** The operations that count as the model's: those of its matrices, forward and backward, none twice. */
export function modelFlops(forward: readonly Operator[]): number {
  return 3 * forward.reduce((sum, row) => sum + (isElementwise(row) ? 0 : row.flops), 0);
}

function isElementwise({ name }: Pick<Operator, "name">): boolean {
  return elementwise.includes(name);
}

function isAttention(name: string): boolean {
  return name === "attention";
}
