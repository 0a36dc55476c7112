import { type Floats, Matrix, type Random } from "../../numeric/mod.ts";
import { requireInteger, requirePositive } from "../../units/mod.ts";

type Precise = Matrix<Float64Array<ArrayBuffer>>;

/** A small change to a large matrix: `(alpha / rank) · up · down`, added to weights that stay as they are. */
export interface LowRankAdapter {
  /** How many directions the change has. */
  readonly rank: number;
  /** How loud the change is, whatever the rank. */
  readonly alpha: number;
  /** A of the paper: rank × inputs. Random at the start. */
  readonly down: Precise;
  /** B of the paper: outputs × rank. Zero at the start. */
  readonly up: Precise;
}

/** What an adapter is for. */
export interface AdapterShape {
  readonly outputs: number;
  readonly inputs: number;
  readonly rank: number;
  /** Default: the rank, so that up · down is added as it is. */
  readonly alpha?: number;
}

/**
 * How is a model of billions of weights taught something new by changing few of them? By a change of low rank (LoRA, Hu
 * et al. 2021): W stays frozen and `(α/r)·B·A` is learned beside it, r·(inputs + outputs) numbers instead of
 * inputs · outputs.
 *
 * B starts at zero, so that the adapted model starts as the model itself. A does not: with both at zero, both gradients
 * are zero and nothing is ever learned.
 *
 * @throws {RangeError} when a size is not a whole number from 1, or the rank is above the shorter side.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix, seeded } from "@fewer-bytes/numeric";
 * import { createAdapter, mergeAdapter } from "@fewer-bytes/quantization";
 *
 * const weights = Matrix.from([[1, 2, 3], [4, 5, 6]]);
 * const adapter = createAdapter({ outputs: 2, inputs: 3, rank: 1 }, seeded(1));
 * assertEquals(mergeAdapter(weights, adapter).toRows(), weights.toRows());
 * ```
 */
export function createAdapter(shape: AdapterShape, random: Random): LowRankAdapter {
  const { outputs, inputs, rank, alpha = rank } = shape;
  requireInteger(outputs, 1, "create an adapter", "outputs");
  requireInteger(inputs, 1, "create an adapter", "inputs");
  requireInteger(rank, 1, "create an adapter", "the rank");
  requirePositive(alpha, "create an adapter", "alpha");
  if (rank > Math.min(outputs, inputs)) {
    throw new RangeError(
      `Cannot create an adapter as its rank must be <= ${
        Math.min(outputs, inputs)
      }, the shorter side: current value is ${rank}`,
    );
  }
  const deviation = 1 / Math.sqrt(inputs); // then A·x is about as large as x's values are
  const down = Float64Array.from({ length: rank * inputs }, () => random.normal(0, deviation));
  return {
    rank,
    alpha,
    down: new Matrix(rank, inputs, down),
    up: new Matrix(outputs, rank, new Float64Array(outputs * rank)),
  };
}

/**
 * What does an adapter cost once it is trained? Nothing, neither time nor bytes, when its change is added in.
 *
 * @throws {TypeError} when the change has another shape than the weights.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { mergeAdapter } from "@fewer-bytes/quantization";
 *
 * const adapter = { rank: 1, alpha: 2, down: Matrix.from([[1, 10]]), up: Matrix.from([[3]]) };
 * assertEquals(mergeAdapter(Matrix.from([[1, 1]]), adapter).toRows(), [[7, 61]]); // 2/1 · 3 · [1, 10] more
 * ```
 */
export function mergeAdapter<T extends Floats>(
  weights: Matrix<T>,
  { up, down, alpha, rank }: LowRankAdapter,
): Matrix<T> {
  const change = up.multiply(down);
  if (change.rows !== weights.rows || change.columns !== weights.columns) {
    throw new TypeError(
      `Cannot merge an adapter as its change must be ${weights.rows} x ${weights.columns}: current shape is ${change.rows} x ${change.columns}`,
    );
  }
  return weights.map((value, i) => value + alpha / rank * change.data[i]!);
}

/**
 * What does an adapted layer give? `x·Wᵀ + (α/r)·(x·Aᵀ)·Bᵀ`, without ever adding up the two matrices: so one frozen W
 * in memory, in four bits perhaps, can serve many adapters.
 *
 * @param x Tokens × inputs.
 * @returns Tokens × outputs.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { adaptedOutput } from "@fewer-bytes/quantization";
 *
 * const adapter = { rank: 1, alpha: 2, down: Matrix.from([[1, 10]]), up: Matrix.from([[3]]) };
 * assertEquals(adaptedOutput(Matrix.from([[1, 1]]), adapter, Matrix.from([[1, 0]])).toRows(), [[7]]);
 * ```
 */
export function adaptedOutput(weights: Matrix, adapter: LowRankAdapter, x: Matrix): Precise {
  const precise = new Matrix(x.rows, x.columns, Float64Array.from(x.data));
  const { up, down, alpha, rank } = adapter;
  const change = precise.multiply(down.transpose()).multiply(up.transpose());
  return precise.multiply(weights.transpose())
    .map((value, i) => value + alpha / rank * change.data[i]!);
}
