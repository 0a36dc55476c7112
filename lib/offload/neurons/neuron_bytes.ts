import { bytesPerValue, type Model, type Storage } from "../../catalog/mod.ts";
import type { Bytes } from "../../units/mod.ts";

/**
 * How large is one read of a neuron? Its column of the way up, or its row of the way down, each as wide as the hidden state.
 * Stored side by side (row–column bundling) they are one read of twice the size; with a gate, of three times.
 *
 * @throws {RangeError} when the model has layers of more than one kind of network.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { neuronBytes } from "@fewer-bytes/offload";
 *
 * assertEquals(neuronBytes(findModel("opt-6.7b"), "fp32"), { alone: 16_384, bundled: 32_768 });
 * assertEquals(neuronBytes(findModel("llama-2-7b"), "fp16"), { alone: 8192, bundled: 3 * 8192 });
 * ```
 */
export function neuronBytes(
  { name, hiddenSize, layers }: Model,
  storage: Storage,
): { readonly alone: Bytes; readonly bundled: Bytes } {
  const gated = new Set(layers.map(({ feedForward }) => feedForward.gated));
  if (gated.size !== 1) {
    throw new RangeError(
      `Cannot size a neuron as all layers of ${name} must have a gate, or none: there are both`,
    );
  }
  const alone = Math.ceil(hiddenSize * bytesPerValue(storage));
  return { alone, bundled: (gated.has(true) ? 3 : 2) * alone };
}
