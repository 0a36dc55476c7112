import type { Bytes } from "../../units/mod.ts";

/** Bytes that training holds for each parameter. */
export interface ParameterStates {
  /** The weight that is multiplied with. */
  readonly weights: Bytes;
  readonly gradients: Bytes;
  /** What the optimizer remembers: a precise copy of the weight, and its moments. */
  readonly optimizer: Bytes;
}

/**
 * Ways of keeping the states of a parameter.
 *
 * - "mixed": 16 bits to compute with, Adam in 32 bits: 2 + 2 + 12 = 16 bytes, ZeRO's account.
 * - "mixed-precise-gradients": gradients are added up in 32 bits, as Megatron does: 18.
 * - "infinity": 16-bit weights and gradients beside four 32-bit values (weight, both moments, gradient) that the update
 *   works on: 20, the account of ZeRO-Infinity.
 * - "single": everything in 32 bits: 16.
 * - "eight-bit": moments of 8 bits each beside a 32-bit copy: 10 and a little for scales.
 * - "pure-bf16": no 32-bit copy, moments in 16 bits: 8; small updates are lost in rounding.
 */
export const parameterStates = {
  "mixed": { weights: 2, gradients: 2, optimizer: 12 },
  "mixed-precise-gradients": { weights: 2, gradients: 4, optimizer: 12 },
  "infinity": { weights: 2, gradients: 2, optimizer: 16 },
  "single": { weights: 4, gradients: 4, optimizer: 8 },
  "eight-bit": { weights: 2, gradients: 2, optimizer: 6 },
  "pure-bf16": { weights: 2, gradients: 2, optimizer: 4 },
} as const satisfies Readonly<Record<string, ParameterStates>>;

/**
 * What the update of one parameter reads and writes: its gradient and what the optimizer remembers, and then this and the
 * weight again.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parameterStates, updateTraffic } from "@fewer-bytes/training";
 *
 * assertEquals(updateTraffic(parameterStates.mixed), 28);
 * ```
 */
export function updateTraffic({ weights, gradients, optimizer }: ParameterStates): Bytes {
  return gradients + 2 * optimizer + weights;
}
