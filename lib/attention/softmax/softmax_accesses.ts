import { requireInteger } from "../../units/mod.ts";
import { CountedArray } from "./counted_array.ts";
import {
  naiveSoftmax,
  onlineSoftmax,
  reloadingSoftmax,
  type SoftmaxAlgorithm,
  threePassSoftmax,
  twoPassSoftmax,
} from "./softmax_passes.ts";

/** Every softmax of the room, by name. */
export const softmaxAlgorithms: Readonly<Record<string, SoftmaxAlgorithm>> = {
  "naive": naiveSoftmax,
  "three passes": threePassSoftmax,
  "three passes, reloading": reloadingSoftmax,
  "online": onlineSoftmax,
  "two passes, no maximum": twoPassSoftmax,
};

/** Memory accesses for each score. */
export interface SoftmaxAccesses {
  readonly loads: number;
  readonly stores: number;
  /** Loads and stores together. */
  readonly total: number;
}

/**
 * How often does a softmax touch memory for each score? Counted, by running it on arrays that count.
 *
 * Where memory is the limit these are the times: 4 accesses of the safe softmax against 3 of the online one and of the
 * two-pass one bound both gains by a third. (Measured by their authors: up to 1.3 times, and up to 28 %.)
 *
 * @param algorithm One of {@linkcode softmaxAlgorithms}, or your own.
 * @param length Scores of one query.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { onlineSoftmax, softmaxAccesses, threePassSoftmax } from "@fewer-bytes/attention";
 *
 * assertEquals(softmaxAccesses(threePassSoftmax), { loads: 3, stores: 1, total: 4 });
 * assertEquals(softmaxAccesses(onlineSoftmax), { loads: 2, stores: 1, total: 3 });
 * ```
 */
export function softmaxAccesses(algorithm: SoftmaxAlgorithm, length = 1000): SoftmaxAccesses {
  requireInteger(length, 1, "count the accesses of a softmax", "the number of scores");
  const scores = new CountedArray(Float64Array.from({ length }, (_, i) => Math.sin(i)));
  const weights = new CountedArray(new Float64Array(length));
  algorithm(scores, weights);
  const loads = (scores.loads + weights.loads) / length;
  const stores = (scores.stores + weights.stores) / length;
  return { loads, stores, total: loads + stores };
}
