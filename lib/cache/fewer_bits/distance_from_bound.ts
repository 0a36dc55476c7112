import type { Matrix } from "../../numeric/mod.ts";
import {
  type BlockFormat,
  gaussianBound,
  gaussianCumulative,
  sphereCoordinateDensity,
} from "../../quantization/mod.ts";

/** √3·π/2 = 2.72: how far TurboQuant's error is from the bound at most (theorem 1), and where it tends to with many bits. */
export const turboQuantFactor = Math.sqrt(3) * Math.PI / 2;

/**
 * Does a quantizer "hit the bound exactly"? Its squared error on some vectors, over the 4^−bits that no code can beat on
 * directions that are spread evenly. 1 would be the bound.
 *
 * @param vectors One in each row, of the format's block size.
 * @param bits Bits of a code, without what is stored beside.
 * @returns The mean over the rows of |x − x̂|² / |x|², over 4^−bits.
 * @throws {RangeError} when there is no vector, or one is zero.
 * @example One bit is 1.45 times as far as the bound, four bits are further
 * ```ts
 * import { assert } from "@std/assert";
 * import { distanceFromBound, turboQuant, turboQuantFactor } from "@fewer-bytes/cache";
 * import { Matrix, seeded } from "@fewer-bytes/numeric";
 *
 * const random = seeded(1);
 * const vectors = new Matrix(400, 64, Float32Array.from({ length: 400 * 64 }, () => random.normal()));
 * const [one, four] = [1, 4].map((bits) => distanceFromBound(vectors, turboQuant(bits, 64), bits));
 * assert(one! > 1.3 && one! < 1.6 && four! > 2 && four! < turboQuantFactor);
 * ```
 */
export function distanceFromBound(
  vectors: Matrix<Float32Array>,
  { roundTrip }: BlockFormat,
  bits: number,
): number {
  let sum = 0;
  for (let row = 0; row < vectors.rows; row++) {
    const vector = vectors.row(row);
    const back = roundTrip(vector);
    let [error, length] = [0, 0];
    for (let i = 0; i < vector.length; i++) {
      error += (vector[i]! - back[i]!) ** 2;
      length += vector[i]! ** 2;
    }
    sum += error / length;
  }
  if (!Number.isFinite(sum / vectors.rows)) {
    throw new RangeError(
      `Cannot measure a distortion as it needs vectors that are not zero: current count is ${vectors.rows}`,
    );
  }
  return sum / vectors.rows / gaussianBound(bits);
}

/**
 * Are some numbers Gaussian? The largest gap between the share of them below a place and the share that the law has there
 * (Kolmogorov and Smirnov). For n draws from the law itself it is about 0.87 / √n.
 *
 * @param deviation The standard deviation to compare with; the mean is 0.
 * @returns From 0 to 1.
 * @throws {RangeError} without numbers, or with one that is not finite.
 * @example Plus and minus one are far from it
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { gaussianGap } from "@fewer-bytes/cache";
 *
 * assertAlmostEquals(gaussianGap([-1, 1], 1), 0.341, 1e-3);
 * ```
 */
export function gaussianGap(samples: ArrayLike<number>, deviation: number): number {
  const sorted = Float64Array.from(samples).sort();
  if (sorted.length === 0 || !sorted.every(Number.isFinite)) {
    throw new RangeError(
      `Cannot compare with the Gaussian law as it needs finite numbers: current count is ${sorted.length}`,
    );
  }
  let gap = 0;
  sorted.forEach((value, i) => {
    const share = gaussianCumulative(value / deviation);
    gap = Math.max(gap, (i + 1) / sorted.length - share, share - i / sorted.length);
  });
  return gap;
}

/**
 * Does a rotation make coordinates "perfectly Gaussian"? The largest gap between the law of a coordinate of a rotated unit
 * vector and the Gaussian of its variance. It falls like 1 / dimension, and is never zero.
 *
 * @param dimension At least 3.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { sphereGap } from "@fewer-bytes/cache";
 *
 * assertAlmostEquals(sphereGap(64), 0.0022, 1e-4);
 * assertAlmostEquals(sphereGap(128) / sphereGap(64), 0.5, 0.01);
 * ```
 */
export function sphereGap(dimension: number): number {
  const density = sphereCoordinateDensity(dimension);
  const cells = 1 << 14;
  let [share, gap] = [0, 0];
  for (let cell = 0; cell < cells; cell++) {
    const middle = -1 + (2 * cell + 1) / cells;
    share += density(middle) * 2 / cells;
    const end = -1 + 2 * (cell + 1) / cells;
    gap = Math.max(gap, Math.abs(share - gaussianCumulative(end * Math.sqrt(dimension))));
  }
  return gap;
}
