import { Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import type { ActivationTrace } from "../neurons/draw_activations.ts";

/**
 * How often are two neurons active for the same token? Counted in a trace; on the diagonal how often each is active.
 *
 * @param neurons How many there are.
 * @returns Shares of the tokens: a symmetric matrix.
 * @throws {RangeError} when there is no token, or a neuron does not exist.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { coActivation } from "@fewer-bytes/offload";
 *
 * assertEquals(coActivation([[0, 1], [1]], 2).toRows(), [[0.5, 0.5], [0.5, 1]]);
 * ```
 */
export function coActivation(
  trace: ActivationTrace,
  neurons: number,
): Matrix<Float64Array<ArrayBuffer>> {
  requireInteger(trace.length, 1, "count pairs", "the number of tokens");
  requireInteger(neurons, 1, "count pairs", "neurons");
  const shares = new Float64Array(neurons * neurons);
  for (const active of trace) {
    for (const i of active) {
      if (!(i >= 0 && i < neurons)) {
        throw new RangeError(
          `Cannot count pairs as neurons must be from 0 to ${neurons - 1}: current value is ${i}`,
        );
      }
      for (const j of active) shares[i * neurons + j]! += 1 / trace.length;
    }
  }
  return new Matrix(neurons, neurons, shares);
}
