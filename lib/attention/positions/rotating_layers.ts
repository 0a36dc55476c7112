import type { Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import {
  type AttentionLayer,
  type AttentionLayerOptions,
  keysAndValues,
  runAttentionLayer,
} from "../kinds/attention_layer.ts";

/**
 * Which layers of a stack turn queries and keys by their positions, when one in so many does not (NoPE)?
 *
 * SmolLM3 and Llama 4 leave out every fourth layer. Command A does too, and gives a window to the three others: what
 * knows positions stays local, what looks at everything knows none, so no angle is larger than training has seen.
 *
 * @param every One layer in so many is without positions, the last of each group; Infinity for none, 1 for all.
 * @returns True for each layer that rotates.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rotatingLayers } from "@fewer-bytes/attention";
 *
 * assertEquals(rotatingLayers(8, 4), [true, true, true, false, true, true, true, false]);
 * ```
 */
export function rotatingLayers(layers: number, every: number): boolean[] {
  requireInteger(layers, 0, "place positions", "layers");
  if (every !== Infinity) requireInteger(every, 1, "place positions", "the period");
  return Array.from({ length: layers }, (_, index) => (index + 1) % every !== 0);
}

/** How one layer of a mixed stack is run. */
export interface MixedLayer {
  readonly layer: AttentionLayer;
  /** Whether it turns queries and keys by their positions. */
  readonly rotates: boolean;
  /** Tokens that it sees, itself included. Default: all. */
  readonly window?: number;
}

/**
 * Runs a stack in which some layers know positions and some do not.
 *
 * @param x One token in each row.
 * @param options Heads, theta, and whether attention is causal; `rotary` holds for the layers that rotate.
 */
export function runMixedLayers(
  stack: readonly MixedLayer[],
  x: Matrix,
  options: AttentionLayerOptions = {},
): Matrix {
  const { rotary = {}, ...heads } = options;
  return stack.reduce((hidden, { layer, rotates, window }) => {
    const own = {
      ...heads,
      ...(rotates ? { rotary } : {}),
      ...(window === undefined ? {} : { window }),
    };
    return runAttentionLayer(layer, hidden, keysAndValues(layer, hidden, own), own);
  }, x);
}
