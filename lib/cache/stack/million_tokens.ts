import { mla, nsa } from "../../attention/mod.ts";
import type { Storage } from "../../catalog/mod.ts";
import { halfPrecision } from "../../transformer/mod.ts";
import type { StackStep } from "./stack.ts";

/** Four bits and nothing else: what "4-bit" says. */
export const plainFourBits: Storage = "int4";

/** Four bits as they are stored: 64 values share a 16-bit scale. */
export const groupedFourBits: Storage = { format: "int4", groupSize: 64, scaleBits: 16 };

/** How the million tokens are kept. */
export interface MillionTokenOptions {
  /** How a value of four bits lies in memory. Default: with its part of a scale. */
  readonly fourBits?: Storage;
  /**
   * Whether the compressed tokens, by which sparse reads choose, have four bits too, or stay at 16. They are read whole
   * for every token. Default true.
   */
  readonly fourBitIndex?: boolean;
}

/**
 * The techniques that are said to bring the cache of a million tokens from 147 GB to "a few GB of storage and about 0.5 GB
 * of traffic a token": latent attention, then 4 bits, then sparse reads, each on top of the last. Four bits for the weights
 * follow, which the saying leaves out, though by then nearly all traffic is theirs.
 *
 * Latent attention and sparse reads (NSA) change what a model computes: it has to be trained so.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { millionTokenSteps, plainFourBits, stack } from "@fewer-bytes/cache";
 *
 * const start = { model: findModel("qwen3-8b"), hardware: findHardware("nvidia-b200") };
 * const stages = stack(start, 1_000_000, millionTokenSteps({ fourBits: plainFourBits }));
 * assert(Math.abs(stages[2]!.stored.cache / 1e9 - 10.4) < 0.1); // not a few
 * assert(stages[3]!.moved.cache < 0.7e9 && stages[3]!.moved.weights > 15e9); // and not half a GB
 * ```
 */
export function millionTokenSteps(
  { fourBits = groupedFourBits, fourBitIndex = true }: MillionTokenOptions = {},
): StackStep[] {
  const formats = fourBitIndex ? { ...halfPrecision, cache: fourBits } : halfPrecision;
  return [
    { name: "latent attention", change: { attention: mla() } },
    {
      name: "4-bit cache",
      change: fourBitIndex ? { formats } : { cache: { name: "4-bit cache", storage: fourBits } },
    },
    { name: "sparse reads", change: { reads: nsa() } },
    { name: "4-bit weights", change: { formats: { ...formats, weights: fourBits } } },
  ];
}
