import { requireInteger } from "../../units/mod.ts";
import type { ActivationTrace } from "./draw_activations.ts";
import type { WindowReads } from "./window_reads.ts";

/**
 * What does a window save on real activations? Counted token by token: a neuron is read when it is active and was not so for
 * any of the last tokens. Tokens at the start, whose window is not full yet, are not counted.
 *
 * @param trace For each token its active neurons: drawn, or what a model's activations are above zero.
 * @param neurons How many there are.
 * @param window Tokens before the current one, from 0.
 * @throws {RangeError} when no token is left to count, or a neuron does not exist.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { countWindowReads } from "@fewer-bytes/offload";
 *
 * // The third token reads only neuron 2: 0 is still there from the first.
 * assertEquals(countWindowReads([[0], [1], [0, 2]], 4, 2), { loaded: 0.25, resident: 0.75 });
 * ```
 */
export function countWindowReads(
  trace: ActivationTrace,
  neurons: number,
  window: number,
): WindowReads {
  requireInteger(neurons, 1, "count reads", "neurons");
  requireInteger(window, 0, "count reads", "the window");
  if (trace.length <= window) {
    throw new RangeError(
      `Cannot count reads as there must be more tokens than the window of ${window}: current value is ${trace.length}`,
    );
  }
  const last = new Int32Array(neurons).fill(-1 - window); // the token for which a neuron was active last
  let loaded = 0, resident = 0, held = 0;
  const leaving: number[][] = trace.map(() => []);
  trace.forEach((active, token) => {
    for (const neuron of active) {
      if (!(neuron >= 0 && neuron < neurons)) {
        throw new RangeError(
          `Cannot count reads as neurons must be from 0 to ${
            neurons - 1
          }: current value is ${neuron}`,
        );
      }
      const kept = last[neuron]! >= token - window;
      if (!kept) held++;
      if (!kept && token >= window) loaded++;
      last[neuron] = token;
      leaving[token + window]?.push(neuron);
    }
    if (token >= window) resident += held;
    for (const neuron of leaving[token]!) if (last[neuron] === token - window) held--;
  });
  const counted = (trace.length - window) * neurons;
  return { loaded: loaded / counted, resident: resident / counted };
}
