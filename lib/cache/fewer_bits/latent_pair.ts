import type { Weight } from "../../lm/mod.ts";
import { Matrix, singularValues } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/** A matrix in two steps: down to a latent, and up from it. */
export interface LatentPair {
  /** `rank` outputs, perpendicular directions of length 1: the latent is a part of the input as it is. */
  readonly down: Weight;
  /** From the latent to the outputs of the matrix. */
  readonly up: Weight;
}

/**
 * What of its input does a matrix look at? The directions of its singular values, the loudest first.
 *
 * @param rank Directions that are kept. Default: all there are, and then up · down is the matrix, up to rounding.
 * @throws {RangeError} when the rank is not from 1 to the shorter side.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { latentPair } from "@fewer-bytes/cache";
 *
 * const { down, up } = latentPair({ name: "w", outputs: 1, inputs: 2, data: Float32Array.of(3, 4) });
 * assertAlmostEquals(Math.abs(down.data[0]!), 0.6, 1e-6);
 * assertAlmostEquals(Math.abs(up.data[0]!), 5, 1e-6);
 * ```
 */
export function latentPair(weight: Weight, rank?: number): LatentPair {
  const { name, outputs, inputs, data } = weight;
  const most = Math.min(outputs, inputs);
  const kept = requireInteger(rank ?? most, 1, "split a matrix", "the rank");
  if (kept > most) {
    throw new RangeError(
      `Cannot split ${name} as the rank must be at most ${most}: current value is ${kept}`,
    );
  }
  const { left, values, right } = singularValues(new Matrix(outputs, inputs, data));
  return {
    down: {
      name: `${name} down`,
      outputs: kept,
      inputs,
      data: Float32Array.from(
        { length: kept * inputs },
        (_, i) => right.get(i % inputs, Math.floor(i / inputs)),
      ),
    },
    up: {
      name: `${name} up`,
      outputs,
      inputs: kept,
      data: Float32Array.from(
        { length: outputs * kept },
        (_, i) => left.get(Math.floor(i / kept), i % kept) * values[i % kept]!,
      ),
    },
  };
}

/** Splitting takes longer than a story: done once for each matrix. */
const pairs = new WeakMap<Weight, Map<number, LatentPair>>();

/** The same pair each time that it is asked for. */
export function pairOf(weight: Weight, rank: number): LatentPair {
  const known = pairs.get(weight) ?? new Map<number, LatentPair>();
  pairs.set(weight, known);
  const pair = known.get(rank) ?? latentPair(weight, rank);
  known.set(rank, pair);
  return pair;
}
