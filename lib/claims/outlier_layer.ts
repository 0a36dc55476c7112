import { Matrix, type Random, seeded } from "../numeric/mod.ts";

/** A small layer whose inputs have a few loud channels, as the activations of large models do. */
export interface OutlierLayer {
  /** Outputs × inputs. */
  readonly weights: Matrix<Float32Array>;
  /** Tokens × inputs. */
  readonly inputs: Matrix<Float32Array>;
}

/** What {@linkcode outlierLayer} draws, for the assumptions of a claim. */
export const outlierLayerWords =
  "a random layer of 64 inputs and 32 outputs, 96 tokens; in 2 channels the activations are 100 times larger";

/** Gaussian weights, and Gaussian activations that are 100 times larger in two channels. The same at each call. */
export function outlierLayer(): OutlierLayer {
  const random = seeded(4);
  const weights = gaussian(32, 64, random);
  const inputs = gaussian(96, 64, random);
  return {
    weights,
    inputs: inputs.map((value, i) => [9, 40].includes(i % 64) ? 100 * value : value),
  };
}

/** Gaussian numbers of deviation 1. */
export function gaussian(rows: number, columns: number, random: Random): Matrix<Float32Array> {
  return new Matrix(
    rows,
    columns,
    Float32Array.from({ length: rows * columns }, () => random.normal()),
  );
}

/** How far one matrix is from another, in percent of the other: root mean square over root mean square. */
export function distancePercent(actual: Matrix, expected: Matrix): number {
  let error = 0, energy = 0;
  expected.data.forEach((value: number, i: number) => {
    error += (actual.data[i]! - value) ** 2;
    energy += value ** 2;
  });
  return 100 * Math.sqrt(error / energy);
}
