import { Matrix } from "../../numeric/mod.ts";

/** What is known of the activations X that a weight matrix reads: one row a token, one column an input channel. */
export interface InputStatistics {
  /** How many rows were seen. */
  readonly tokens: number;
  /** Xᵀ · X, inputs × inputs: with it, the error of any change to the weights is known without X. */
  readonly gram: Matrix<Float64Array>;
  /** Mean of |x| in each channel. */
  readonly meanAbsolute: Float64Array;
  /** Largest |x| in each channel. */
  readonly maxAbsolute: Float64Array;
  /** Some of the rows. */
  readonly sample: Matrix<Float32Array>;
}

/** Adds up {@linkcode InputStatistics} as rows come in, in 64 bits, so that X need not be kept. */
export class InputRecorder {
  readonly #gram: Matrix<Float64Array>;
  readonly #sums: Float64Array;
  readonly #largest: Float64Array;
  readonly #sample: Float32Array[] = [];
  #tokens = 0;

  /** @param sampleRows How many rows to keep at most. */
  constructor(readonly inputs: number, readonly sampleRows: number) {
    this.#gram = new Matrix(inputs, inputs, new Float64Array(inputs * inputs));
    this.#sums = new Float64Array(inputs);
    this.#largest = new Float64Array(inputs);
  }

  /** @param keep How many of these rows go into the sample, evenly spaced. */
  add({ rows, data }: Matrix<Float32Array>, keep: number): void {
    const { inputs } = this;
    const gram = this.#gram.data;
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < inputs; i++) {
        const size = Math.abs(data[row * inputs + i]!);
        this.#sums[i]! += size;
        this.#largest[i] = Math.max(this.#largest[i]!, size);
      }
    }
    // Four tokens at a time, so that the matrix is read and written a quarter as often; past the end, zeros.
    const zeros = new Float32Array(inputs);
    const token = (row: number) =>
      row < rows ? data.subarray(row * inputs, (row + 1) * inputs) : zeros;
    for (let row = 0; row < rows; row += 4) {
      const [x0, x1, x2, x3] = [token(row), token(row + 1), token(row + 2), token(row + 3)];
      for (let i = 0; i < inputs; i++) {
        const [a, b, c, d] = [x0[i]!, x1[i]!, x2[i]!, x3[i]!];
        // Only the upper triangle: the matrix is symmetric.
        for (let j = i, at = i * inputs + i; j < inputs; j++, at++) {
          gram[at]! += a * x0[j]! + b * x1[j]! + c * x2[j]! + d * x3[j]!;
        }
      }
    }
    this.#tokens += rows;
    const count = Math.min(keep, rows, this.sampleRows - this.#sample.length);
    for (let kept = 0; kept < count; kept++) {
      const row = Math.floor((kept + 0.5) * rows / count);
      this.#sample.push(data.slice(row * inputs, (row + 1) * inputs));
    }
  }

  /** @throws {RangeError} when nothing was seen, or something that is not finite. */
  statistics(): InputStatistics {
    const { inputs } = this;
    if (this.#tokens === 0) {
      throw new RangeError("Cannot calibrate as it needs activations: current number of rows is 0");
    }
    const bad = this.#sums.findIndex((sum) => !Number.isFinite(sum));
    if (bad >= 0) {
      throw new RangeError(
        `Cannot calibrate as every activation must be finite: the sum of channel ${bad} is ${
          this.#sums[bad]
        }`,
      );
    }
    const gram = this.#gram.clone();
    for (let i = 0; i < inputs; i++) {
      for (let j = 0; j < i; j++) gram.data[i * inputs + j] = gram.data[j * inputs + i]!;
    }
    const sample = new Float32Array(this.#sample.length * inputs);
    this.#sample.forEach((row, index) => sample.set(row, index * inputs));
    return {
      tokens: this.#tokens,
      gram,
      meanAbsolute: this.#sums.map((sum) => sum / this.#tokens),
      maxAbsolute: this.#largest.slice(),
      sample: new Matrix(this.#sample.length, inputs, sample),
    };
  }
}

/**
 * The statistics of activations that are at hand: one row a token, one column an input channel.
 *
 * @throws {RangeError} without rows, or when a value is not finite.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { inputStatistics } from "@fewer-bytes/quantization";
 *
 * const { gram, meanAbsolute } = inputStatistics(new Matrix(2, 2, Float32Array.of(1, -2, 3, 0)));
 * assertEquals(gram.toRows(), [[10, -2], [-2, 4]]);
 * assertEquals([...meanAbsolute], [2, 1]);
 * ```
 */
export function inputStatistics(x: Matrix<Float32Array>): InputStatistics {
  const recorder = new InputRecorder(x.columns, x.rows);
  recorder.add(x, x.rows);
  return recorder.statistics();
}
