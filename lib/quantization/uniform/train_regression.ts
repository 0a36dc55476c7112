import { Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import type { UniformGrid } from "./grid.ts";
import { roundToNearest } from "./quantize.ts";
import { straightThrough } from "./straight_through.ts";

/** The smallest thing that can be trained: targets that depend linearly on inputs, with noise. */
export interface Regression {
  /** Examples × features. */
  readonly inputs: Matrix;
  /** One for each example. */
  readonly targets: ArrayLike<number>;
}

/** How a regression is trained. */
export interface TrainingOptions {
  /** The grid that the weights will live on: training then sees rounded weights. Default: none. */
  readonly grid?: UniformGrid;
  /** Where to start. Default: zeros. */
  readonly start?: Matrix<Float32Array>;
  /** Steps of gradient descent, each over all examples. Default 1000. */
  readonly steps?: number;
}

/** The best weights that were seen, as they are used: rounded, if there was a grid. */
export interface TrainedRegression {
  /** 1 × features. */
  readonly weights: Matrix<Float32Array>;
  /** Mean squared error over the examples. */
  readonly loss: number;
  /** Before each step, and after the last. */
  readonly losses: readonly number[];
}

/**
 * Can training make up for the grid? Gradient descent on a linear regression, with or without rounding.
 *
 * Without a grid: plain training; rounding its weights afterwards is post-training quantization. With
 * one: quantization-aware training. Each step computes the loss with rounded weights, and moves the
 * weights behind them by its slope, through `straightThrough()`, until codes flip. Where features go
 * together, one code makes up for the error of another, which rounding one by one cannot do.
 *
 * The slope at rounded weights never vanishes, so codes flip back and forth forever and the loss jumps.
 * Hence steps shrink to nothing when there is a grid, and the best weights seen are kept.
 *
 * @throws {TypeError} when there are no examples, or not one target for each.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { trainRegression } from "@fewer-bytes/quantization";
 *
 * const inputs = Matrix.from([[1, 0], [0, 1], [1, 1]]);
 * const { weights } = trainRegression({ inputs, targets: [2, -1, 1] });
 * assertAlmostEquals(weights.get(0, 0), 2, 1e-3);
 * ```
 */
export function trainRegression(
  regression: Regression,
  { grid, start, steps = 1000 }: TrainingOptions = {},
): TrainedRegression {
  requireInteger(steps, 1, "train a regression", "steps");
  const { products, goals, energy, steepest } = moments(regression);
  let weights = start?.clone() ?? Matrix.zeros(1, products.columns);
  let best = { weights, loss: Infinity };
  const losses: number[] = [];
  for (let step = 0; step <= steps; step++) {
    const used = grid ? roundToNearest(weights, grid) : weights;
    const slope = Matrix.from(used.toRows()).multiply(products).map((v, i) => v - goals.data[i]!);
    const loss = used.data.reduce(
      (sum, w, i) => sum + w * (slope.data[i]! - goals.data[i]!),
      energy,
    );
    losses.push(loss);
    if (loss < best.loss) best = { weights: used, loss };
    const passed = grid ? straightThrough(slope, weights, grid) : slope;
    const length = (grid ? 1 - step / steps : 1) / steepest;
    weights = weights.map((w, i) => w - length * passed.data[i]!);
  }
  return { ...best, losses };
}

/** All that the mean squared error needs to know of the examples: wPw − 2gw + energy. */
function moments({ inputs, targets }: Regression) {
  const { rows: examples } = inputs;
  if (targets.length !== examples || examples === 0) {
    throw new TypeError(
      `Cannot train a regression as it needs examples with a target each: current values are ${examples} examples and ${targets.length} targets`,
    );
  }
  const x = Matrix.from(inputs.toRows());
  const y = new Matrix(1, examples, Float64Array.from(targets));
  const products = x.transpose().multiply(x).map((value) => value / examples);
  const goals = y.multiply(x).map((value) => value / examples);
  const energy = y.data.reduce((sum, value) => sum + value ** 2, 0) / examples;
  // No direction is steeper than the largest row sum, so a step of its inverse cannot overshoot.
  const sums = products.toRows().map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0));
  return { products, goals, energy, steepest: Math.max(...sums) };
}
