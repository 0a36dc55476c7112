import type { NumberFormat, Storage } from "../catalog/mod.ts";
import type { Bytes, Flop, FlopPerByte, Tokens } from "../units/mod.ts";

/** One pass of the model: what every sequence of a batch computes at once. */
export interface Step {
  /** Prefill reads a prompt and needs only its last prediction; decode adds tokens and needs each. */
  readonly phase: "prefill" | "decode";
  /** Sequences computed together. */
  readonly batch: number;
  /** Tokens computed for each of them: the prompt, one, or a few to verify. */
  readonly newTokens: Tokens;
  /** Tokens of each that are cached already. */
  readonly context: Tokens;
}

/** How the bytes of a model lie in memory, and what it computes with. */
export interface Formats {
  readonly weights: Storage;
  readonly cache: Storage;
  readonly activations: NumberFormat;
}

/** Sixteen bits for everything: how models are published. */
export const halfPrecision: Formats = { weights: "bf16", cache: "bf16", activations: "bf16" };

/**
 * The second noun: one row of work in one step. Its cost is that of all layers where it occurs, on one device.
 */
export interface Operator {
  readonly name: string;
  /** In how many layers it occurs. */
  readonly layers: number;
  readonly flops: Flop;
  /** What moves between main memory and the chip, read or written. */
  readonly bytes: { readonly weights: Bytes; readonly cache: Bytes; readonly activations: Bytes };
  /** What leaves the device for others of its group. */
  readonly transfer: Bytes;
  /** The format that the arithmetic is done in. */
  readonly precision: NumberFormat;
}

/** All bytes that an operator moves to and from main memory. */
export function traffic({ bytes }: Pick<Operator, "bytes">): Bytes {
  return bytes.weights + bytes.cache + bytes.activations;
}

/** How many operations for each byte moved? */
export function arithmeticIntensity(operator: Pick<Operator, "flops" | "bytes">): FlopPerByte {
  return operator.flops / traffic(operator);
}

/**
 * What does a list of operators cost together? The sums, by kind of byte; times are another matter, since each operator
 * waits for its own bottleneck.
 */
export function sumOperators(
  operators: readonly Operator[],
): Pick<Operator, "flops" | "bytes" | "transfer"> {
  let flops = 0, weights = 0, cache = 0, activations = 0, transfer = 0;
  for (const operator of operators) {
    flops += operator.flops;
    weights += operator.bytes.weights;
    cache += operator.bytes.cache;
    activations += operator.bytes.activations;
    transfer += operator.transfer;
  }
  return { flops, bytes: { weights, cache, activations }, transfer };
}
