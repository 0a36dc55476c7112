import { requireInteger } from "../../units/mod.ts";
import type { ActivationTrace } from "../neurons/draw_activations.ts";

/** How active neurons are read that lie in some order. */
export interface ReadRuns {
  /** Reads for a token, on average. */
  readonly reads: number;
  /** Neurons that are read for a token, those between included. */
  readonly neurons: number;
  /** Neurons of one read that were wanted, on average: 1 when none lie together. */
  readonly meanLength: number;
}

/**
 * In how many reads do active neurons come? Those that lie next to each other come in one. Of neurons at random that is
 * activity × (1 − activity) reads for each neuron of the network, hardly less than one for each active neuron; in an order
 * that puts together what is active together it is less. Without a gap reads are active neurons less active links.
 *
 * @param order Where each neuron lies: a permutation; see {@linkcode linkNeurons}.
 * @param gap Neurons that may be read in vain between two others, to spare a read (access collapse). Default 0.
 * @throws {RangeError} when a neuron has no place, or the gap is not a whole number from 0.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readRuns } from "@fewer-bytes/offload";
 *
 * const order = [0, 1, 2, 3, 4, 5];
 * assertEquals(readRuns([[0, 1, 3]], order), { reads: 2, neurons: 3, meanLength: 1.5 });
 * assertEquals(readRuns([[0, 1, 3]], order, 1), { reads: 1, neurons: 4, meanLength: 3 });
 * ```
 */
export function readRuns(
  trace: ActivationTrace,
  order: readonly number[],
  gap = 0,
): ReadRuns {
  requireInteger(trace.length, 1, "count reads", "the number of tokens");
  requireInteger(gap, 0, "count reads", "the gap");
  const place = new Map(order.map((neuron, index) => [neuron, index]));
  let reads = 0, neurons = 0, wanted = 0;
  for (const active of trace) {
    const places = active.map((neuron) => {
      const own = place.get(neuron);
      if (own === undefined) {
        throw new RangeError(
          `Cannot count reads as each neuron must have a place: current value is ${neuron}`,
        );
      }
      return own;
    }).sort((a, b) => a - b);
    wanted += places.length;
    places.forEach((own, index) => {
      const between = index === 0 ? Infinity : own - places[index - 1]! - 1;
      if (between > gap) reads++;
      neurons += 1 + (between > gap ? 0 : between);
    });
  }
  return {
    reads: reads / trace.length,
    neurons: neurons / trace.length,
    meanLength: reads === 0 ? 0 : wanted / reads,
  };
}
