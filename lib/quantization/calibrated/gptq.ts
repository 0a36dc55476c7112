import { Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { resolveGrid, type UniformGrid } from "../uniform/grid.ts";
import { inverseFactor } from "./hessian.ts";
import { RowGrids } from "./row_grids.ts";

/** A grid whose scales are shared within a group of a row, and how GPTQ walks over it. */
export interface GptqOptions extends UniformGrid {
  readonly groupSize?: number | "row";
  /** Whether the inputs with the largest activations come first, while all others can still make up for them. Default false. */
  readonly actOrder?: boolean;
  /** Share of the mean diagonal that is added to the Hessian. Default 0.01. */
  readonly damping?: number;
  /** Inputs that are finished before all later ones hear of it; the result is the same for each. Default 128. */
  readonly batchSize?: number;
}

/**
 * Which rounding of a layer's weights keeps its outputs, and not its weights, as they were?
 *
 * Inputs are rounded one after another, in the same order for all rows. The weights of the inputs still to come are then
 * moved to make up for the error: by `error / U[j][j] · U[j][k]`, where `Uᵀ · U = H⁻¹` holds everything that a step by
 * step elimination of H⁻¹ would give ({@linkcode optimalBrainQuantize}). The scale of a group is found when the group
 * begins, from its weights as they are by then.
 *
 * Later inputs are told in batches: the same sums, but each weight travels to and from memory once a batch, and not once
 * an input.
 *
 * Nothing forbids the sum of all this to be worse than rounding to nearest. It is, now and then, with the 3 marks of 2 bits
 * and small groups: what is moved onto later weights widens the range of their groups. `actOrder` helps there.
 *
 * Source: Frantar et al., "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers" (2022),
 * algorithm 1.
 *
 * @param weights Outputs × inputs.
 * @param hessian Inputs × inputs, from {@linkcode hessian}. An input that was always zero gets the weight 0.
 * @returns The weights on their grid, outputs × inputs.
 * @throws {RangeError} for a grid that does not suit, or a Hessian that is singular in spite of its damping.
 * @throws {TypeError} when the Hessian has another size.
 * @example Two inputs that are always equal: one rounds up, so the other rounds down
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { gptq, roundToNearest } from "@fewer-bytes/quantization";
 *
 * const weights = new Matrix(1, 3, Float32Array.of(0.6, 0.7, 3));
 * const hessian = Matrix.from([[2, 2, 0], [2, 2, 0], [0, 0, 2]]);
 * assertEquals([...roundToNearest(weights, { bits: 3 }).data], [1, 1, 3]);
 * assertEquals([...gptq(weights, hessian, { bits: 3 }).data], [1, 0, 3]);
 * ```
 */
export function gptq(
  weights: Matrix<Float32Array>,
  hessian: Matrix<Float64Array>,
  { actOrder = false, damping = 0.01, batchSize = 128, ...grid }: GptqOptions,
): Matrix<Float32Array> {
  const { rows, columns: inputs } = weights;
  const resolved = resolveGrid(grid, rows, inputs);
  requireInteger(batchSize, 1, "run GPTQ", "the batch size");
  if (resolved.groupSize > inputs) {
    throw new RangeError(
      `Cannot run GPTQ as a scale must be shared within a row: current group size is ${resolved.groupSize} for ${inputs} inputs`,
    );
  }
  if (hessian.rows !== inputs || hessian.columns !== inputs) {
    throw new TypeError(
      `Cannot run GPTQ as the Hessian must be ${inputs} x ${inputs}: current shape is ${hessian.rows} x ${hessian.columns}`,
    );
  }
  const diagonal = (input: number) => hessian.data[input * inputs + input]!;
  const order = Array.from({ length: inputs }, (_, input) => input);
  if (actOrder) order.sort((a, b) => diagonal(b) - diagonal(a));
  const upper = inverseFactor(hessian, order, damping);

  // In 64 bits, in order; what is finished is overwritten by its rounded value.
  const work = Float64Array.from(
    { length: rows * inputs },
    (_, at) => {
      const input = order[at % inputs]!;
      return diagonal(input) === 0 ? 0 : weights.data[at - at % inputs + input]!;
    },
  );
  const groups = new RowGrids(rows, grid, resolved);
  for (let start = 0, end: number; start < inputs; start = end) {
    end = batchEnd(start, Math.min(start + batchSize, inputs), resolved.groupSize);
    const errors = new Float64Array(end - start);
    for (let row = 0; row < rows; row++) {
      const w = work.subarray(row * inputs, (row + 1) * inputs);
      for (let j = start; j < end; j++) {
        if (j % resolved.groupSize === 0) groups.begin(row, w.subarray(j, j + resolved.groupSize));
        const rounded = groups.round(row, w[j]!);
        const error = errors[j - start] = (w[j]! - rounded) / upper.data[j * inputs + j]!;
        w[j] = rounded;
        subtract(w, error, upper.data, j * inputs, j + 1, end);
      }
      for (let j = start; j < end; j++) {
        subtract(w, errors[j - start]!, upper.data, j * inputs, end, inputs);
      }
    }
  }
  const result = new Float32Array(work.length);
  work.forEach((value, at) => result[at - at % inputs + order[at % inputs]!] = value);
  return new Matrix(rows, inputs, result);
}

/** A batch ends early rather than in the middle of a group that it could leave whole, so that no group begins on old weights. */
function batchEnd(start: number, end: number, groupSize: number): number {
  const last = Math.floor((end - 1) / groupSize) * groupSize;
  return last > start && last + groupSize > end ? last : end;
}

function subtract(
  w: Float64Array,
  factor: number,
  from: Float64Array,
  at: number,
  start: number,
  end: number,
): void {
  for (let k = start; k < end; k++) w[k]! -= factor * from[at + k]!;
}
