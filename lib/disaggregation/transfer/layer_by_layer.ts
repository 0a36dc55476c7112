import { requireAtLeast, requireInteger, type Seconds } from "../../units/mod.ts";

/**
 * How much of a transfer is left to wait for, when each layer's cache leaves as soon as it is computed?
 *
 * While a layer is computed, the cache of the one before it is on its way. Two stages, one behind the other: the end comes
 * at max(L c + t, c + L t), with c = compute / L and t = transfer / L. So the wait after the prompt is one layer's
 * transfer when the link is faster than the computation, and otherwise what the link could not do meanwhile.
 *
 * Splitwise moves caches so when prompts are long, and in one piece when they are short.
 *
 * @param compute Seconds to read the prompt.
 * @param transfer Seconds to move its whole cache, without latency.
 * @param layers Layers of the model.
 * @returns Seconds between the end of the prompt and the arrival of the last byte.
 * @throws {RangeError} when a value is out of range.
 * @example A transfer that takes half as long as the prompt is hidden, but for the last layer
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { exposedTransfer } from "@fewer-bytes/disaggregation";
 *
 * assertAlmostEquals(exposedTransfer(0.1, 0.05, 50), 0.001, 1e-12);
 * assertAlmostEquals(exposedTransfer(0.1, 0.05, 1), 0.05, 1e-12); // in one piece: nothing is hidden
 * ```
 */
export function exposedTransfer(compute: Seconds, transfer: Seconds, layers: number): Seconds {
  requireAtLeast(compute, 0, "find the exposed transfer", "compute");
  requireAtLeast(transfer, 0, "find the exposed transfer", "transfer");
  requireInteger(layers, 1, "find the exposed transfer", "layers");
  const [one, sent] = [compute / layers, transfer / layers];
  return Math.max(sent, transfer - (layers - 1) * one);
}
