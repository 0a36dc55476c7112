import { decodeSeconds } from "../../decoding/mod.ts";
import type { Deployment } from "../../roofline/mod.ts";
import type { Seconds, Tokens } from "../../units/mod.ts";
import { distinctExperts } from "../reading/distinct_experts.ts";
import { expertLayers } from "../reading/expert_layers.ts";
import { popularChances } from "../reading/popularity.ts";
import { denseTwin } from "./dense_twin.ts";

/** A mixture and its dense twins at one batch. */
export interface DenseComparison {
  readonly batch: number;
  /** Seconds of one decode step. */
  readonly mixture: Seconds;
  readonly active: Seconds;
  readonly total: Seconds;
  /** How much slower than the dense model with as many active parameters. */
  readonly overActive: number;
  /** The share of experts that a layer reads. */
  readonly read: number;
}

/**
 * When is a mixture as fast as a dense model of its active size, and when as slow as one of its whole size? Alone it reads what
 * its active twin reads. With a batch it reads all experts, like the twin of its whole size, for arithmetic that is still
 * the active twin's. With a very large batch arithmetic decides, and it is as fast as the active twin again. In between it
 * is the slowest for its parameters: that is the batch of a modest server.
 *
 * The table counts the activation function of experts as fused with them and that of dense layers not, so a mixture that waits
 * for arithmetic comes out a few percent faster than its twin. Times are those of the roofline; whether the whole model fits is another question, and for its active twin an easier one.
 *
 * @param context Tokens that each sequence has cached.
 * @returns A point for each batch, in the order given.
 * @throws {RangeError} when the model has no experts, or a batch is no whole number from 1.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { compareDense } from "@fewer-bytes/experts";
 *
 * const deployment = { model: findModel("qwen3-30b-a3b"), hardware: findHardware("nvidia-h200-sxm") };
 * const [alone, few, crowd] = compareDense(deployment, [1, 32, 32_768], 0);
 * assert(alone!.overActive < 1.1 && few!.overActive > 6 && crowd!.overActive < 1.5);
 * ```
 */
export function compareDense(
  deployment: Deployment,
  batches: readonly number[],
  context: Tokens,
): DenseComparison[] {
  const { model } = deployment;
  const layers = expertLayers(model);
  const [active, total] = (["active", "total"] as const).map((size) => denseTwin(model, size));
  return batches.map((batch) => {
    const seconds = (twin: typeof model) =>
      decodeSeconds({ ...deployment, model: twin }, { batch, context });
    const mixture = seconds(model);
    const dense = seconds(active!);
    let read = 0, held = 0;
    for (const { count, network } of layers) {
      read += count * distinctExperts(popularChances(network), batch);
      held += count * network.experts;
    }
    return {
      batch,
      mixture,
      active: dense,
      total: seconds(total!),
      overActive: mixture / dense,
      read: read / held,
    };
  });
}
