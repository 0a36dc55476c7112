import { seeded } from "../../numeric/mod.ts";
import {
  type BlockFormat,
  lloydMaxOfDensity,
  nearestCode,
  randomHadamard,
  type Rotation,
  sphereCoordinateDensity,
} from "../../quantization/mod.ts";
import {
  lengthOf,
  requireRotation,
  requireVectorFormat,
  requireVectors,
  turn,
  turnBack,
} from "./stored_vectors.ts";

/** How TurboQuant rotates. */
export interface TurboQuantOptions {
  /** Default: a random Hadamard matrix of the dimension, the same one for all. */
  readonly rotation?: Rotation;
}

/**
 * How are vectors stored well without looking at any data first? Turn each by a rotation drawn once. Then every coordinate
 * follows the same known law, whatever the vector was, and one codebook, the best for that law, serves all. (Zandieh et
 * al., "TurboQuant", 2025, algorithm 1.)
 *
 * The length of the vector is kept in 16 bits beside its codes. The mean squared error is at most √3·π/2 = 2.72 times what
 * information theory asks for; measure it with `distanceFromBound()`. That is proven for the mean over rotations: vectors
 * that all point the same way, as keys with a loud channel do, are all lucky with a rotation or all unlucky.
 *
 * @param bits Bits of a code, from 1 to 8.
 * @param dimension Values of one vector: a head.
 * @returns A format of bits + 16 / dimension bits a value.
 * @throws {RangeError} for other bits, a dimension with no Hadamard matrix, or a rotation of another shape.
 * @example An outlier is no trouble: its direction is as good as any
 * ```ts
 * import { assert } from "@std/assert";
 * import { turboQuant } from "@fewer-bytes/cache";
 *
 * const vector = new Float32Array(32);
 * vector[5] = 100;
 * const back = turboQuant(4, 32).roundTrip(vector);
 * const error = back.reduce((sum, value, i) => sum + (value - vector[i]!) ** 2, 0) / 100 ** 2;
 * assert(error < 0.02);
 * ```
 */
export function turboQuant(
  bits: number,
  dimension: number,
  options: TurboQuantOptions = {},
): BlockFormat {
  requireVectorFormat(bits, dimension);
  const rotation = options.rotation ?? randomHadamard(dimension, seeded(1));
  requireRotation(rotation, dimension);
  const { levels } = lloydMaxOfDensity(sphereCoordinateDensity(dimension), [-1, 1], 2 ** bits);
  const turned = new Float64Array(dimension);
  return {
    name: `TurboQuant ${bits}-bit`,
    blockSize: dimension,
    bitsPerValue: bits + 16 / dimension,
    roundTrip: (row) => {
      requireVectors(row, dimension);
      const result = Float32Array.from(row);
      for (let start = 0; start < row.length; start += dimension) {
        const vector = result.subarray(start, start + dimension);
        const { length, stored } = lengthOf(vector);
        if (length === 0) continue;
        turn(rotation, vector, turned);
        for (let i = 0; i < dimension; i++) {
          turned[i] = stored * levels[nearestCode(levels, turned[i]! / length)]!;
        }
        turnBack(rotation, turned, vector);
      }
      return result;
    },
  };
}
