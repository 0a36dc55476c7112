import type { Matrix } from "../../numeric/mod.ts";
import { requireInteger, requirePositive } from "../../units/mod.ts";
import { adapterGradient } from "./adapter_gradient.ts";
import { adaptedOutput, type LowRankAdapter } from "./low_rank_adapter.ts";

/** What a layer is to learn: for these inputs, these outputs. */
export interface LayerTask {
  /** Tokens × inputs. */
  readonly inputs: Matrix<Float64Array<ArrayBuffer>>;
  /** Tokens × outputs. */
  readonly targets: Matrix<Float64Array<ArrayBuffer>>;
}

/** How an adapter is trained. */
export interface TrainAdapterOptions {
  /** Steps of gradient descent, each over all tokens. Default 300. */
  readonly steps?: number;
  /** The length of a step, as a factor of the gradient. Default 0.1. */
  readonly rate?: number;
}

/** An adapter after training. */
export interface TrainedAdapter {
  readonly adapter: LowRankAdapter;
  /** Before each step, and after the last. */
  readonly losses: readonly number[];
}

/** The squared error of a layer, summed over its outputs and averaged over tokens; and its derivative by each output. */
function layerLoss(outputs: LayerTask["targets"], targets: LayerTask["targets"]) {
  const error = outputs.map((value, i) => value - targets.data[i]!);
  return {
    loss: error.data.reduce((sum, value) => sum + value * value, 0) / targets.rows,
    slope: error.map((value) => 2 * value / targets.rows),
  };
}

/**
 * Can a small adapter teach a frozen layer? Plain gradient descent on A and B; the weights are only read.
 *
 * @param weights The frozen base: outputs × inputs, full or what is left of it after rounding.
 * @throws {RangeError} when steps or rate are out of range, or the rate is so large that the loss is no longer finite.
 * @throws {TypeError} when the shapes do not fit.
 * @example
 * ```ts
 * import { assertLess } from "@std/assert";
 * import { Matrix, seeded } from "@fewer-bytes/numeric";
 * import { createAdapter, trainAdapter } from "@fewer-bytes/quantization";
 *
 * const weights = Matrix.from([[1, 0], [0, 1]]);
 * const task = { inputs: Matrix.from([[1, 1], [1, -1]]), targets: Matrix.from([[3, 1], [1, -1]]) };
 * const { losses } = trainAdapter(weights, createAdapter({ outputs: 2, inputs: 2, rank: 1 }, seeded(1)), task);
 * assertLess(losses.at(-1)!, losses[0]! / 1000); // the change needed, [[1, 1], [0, 0]], has rank 1
 * ```
 */
export function trainAdapter(
  weights: Matrix,
  adapter: LowRankAdapter,
  { inputs, targets }: LayerTask,
  { steps = 300, rate = 0.1 }: TrainAdapterOptions = {},
): TrainedAdapter {
  requireInteger(steps, 0, "train an adapter", "steps");
  requirePositive(rate, "train an adapter", "the rate");
  if (targets.rows !== inputs.rows || targets.columns !== weights.rows) {
    throw new TypeError(
      `Cannot train an adapter as targets must be ${inputs.rows} x ${weights.rows}: current shape is ${targets.rows} x ${targets.columns}`,
    );
  }
  const losses: number[] = [];
  for (let step = 0;; step++) {
    const { loss, slope } = layerLoss(adaptedOutput(weights, adapter, inputs), targets);
    losses.push(loss);
    if (!Number.isFinite(loss)) {
      throw new RangeError(
        `Cannot train an adapter as the loss must stay finite: with rate ${rate} it is ${loss} at step ${step}`,
      );
    }
    if (step === steps) return { adapter, losses };
    const gradient = adapterGradient(weights, adapter, inputs, slope);
    adapter = {
      ...adapter,
      down: adapter.down.map((value, i) => value - rate * gradient.down.data[i]!),
      up: adapter.up.map((value, i) => value - rate * gradient.up.data[i]!),
    };
  }
}
