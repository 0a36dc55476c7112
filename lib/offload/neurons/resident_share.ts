import type { Model } from "../../catalog/mod.ts";
import { parameters } from "../../transformer/mod.ts";

/** What stays in memory of a model that is read from flash, as shares of all weights. */
export interface ResidentShare {
  /** Embeddings, and a head of its own. */
  readonly embedding: number;
  readonly attention: number;
  /** Neurons of the window. */
  readonly neurons: number;
  /** What tells which neurons will be active. */
  readonly predictor: number;
  readonly total: number;
  /** How many times as large as the memory for weights the model may be. */
  readonly largerThanMemory: number;
}

/**
 * How much of a model must stay in memory, when neurons come from flash? Embeddings and attention, which every token needs,
 * and of the feed-forward networks the neurons of the last few tokens. In OPT-6.7B networks are two thirds of all weights,
 * and a quarter of these is held: so the model may be twice as large as memory.
 *
 * @param neurons The share of neurons that is held; see {@linkcode windowReads}.
 * @param predictor Weights besides, as a share of the model's. Default 0.
 * @throws {RangeError} when a share is not from 0 to 1.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { residentShare } from "@fewer-bytes/offload";
 *
 * const held = residentShare(findModel("opt-6.7b"), 0.24, 0.0125);
 * assertAlmostEquals(held.total, 0.521, 0.005); // reported: 52.1 %
 * assertAlmostEquals(held.largerThanMemory, 1.91, 0.02);
 * ```
 */
export function residentShare(model: Model, neurons: number, predictor = 0): ResidentShare {
  for (const [name, share] of Object.entries({ neurons, predictor })) {
    if (!(share >= 0 && share <= 1)) {
      throw new RangeError(
        `Cannot hold weights as the share of ${name} must be from 0 to 1: current value is ${share}`,
      );
    }
  }
  const { total, embedding, head, attention, norms, feedForward } = parameters(model);
  const shares = {
    embedding: (embedding + head) / total,
    attention: (attention + norms) / total,
    neurons: neurons * feedForward / total,
    predictor,
  };
  const held = shares.embedding + shares.attention + shares.neurons + predictor;
  return { ...shares, total: held, largerThanMemory: 1 / held };
}
