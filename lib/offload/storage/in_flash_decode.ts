import type { ComputingDrive, Model } from "../../catalog/mod.ts";
import { operators, sumOperators } from "../../transformer/mod.ts";
import {
  type BytesPerSecond,
  requireAtLeast,
  requirePositive,
  type Seconds,
  type Tokens,
  type TokensPerSecond,
} from "../../units/mod.ts";
import { bestTile } from "./best_tile.ts";
import { flashRates } from "./flash_rates.ts";

/** How fast weights are used that lie on flash. */
export interface InFlashRate {
  /** By cores at the dies. */
  readonly inside: BytesPerSecond;
  /** By the processor, over what tiles leave of the channels. */
  readonly through: BytesPerSecond;
  readonly total: BytesPerSecond;
}

/**
 * How fast are weights used, when dies and processor share the work? Dies compute tile after tile; between inputs and
 * results their channels have time to spare, and carry further weights to the processor. Both rates add up.
 *
 * It is a bound: every page comes in time, every tile is full, and the work is cut exactly in proportion.
 *
 * @throws {RangeError} when the drive does not compute at its dies, or tiles leave nothing of the channels.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findComputingDrive } from "@fewer-bytes/catalog";
 * import { inFlashRate } from "@fewer-bytes/offload";
 *
 * const { inside, through } = inFlashRate(findComputingDrive("cambricon-llm-l"));
 * assertAlmostEquals(inside / 1e9, 274.9, 0.1);
 * assertAlmostEquals(through / 1e9, 30.9, 0.1);
 * ```
 */
export function inFlashRate(drive: ComputingDrive): InFlashRate {
  const { seconds, channelShare } = bestTile(drive);
  if (channelShare > 1) {
    throw new RangeError(
      `Cannot compute in flash as channels must have time for inputs and results: current share is ${channelShare}`,
    );
  }
  const { array, channels } = flashRates(drive);
  const inside = array! * drive.array!.read / seconds;
  const through = (1 - channelShare) * channels;
  return { inside, through, total: inside + through };
}

/** A model whose weights lie on flash that computes. */
export interface InFlashDecode {
  readonly tokensPerSecond: TokensPerSecond;
  readonly weights: Seconds;
  readonly cache: Seconds;
  /** Bytes of weights that are used in a second, over the whole token. */
  readonly effective: BytesPerSecond;
}

/**
 * How fast does a model decode whose weights of 8 bits never leave flash? Its weights at the rate of dies and channels
 * together, then the cache, which lies in the processor's memory.
 *
 * @param context Tokens in the cache.
 * @param dram The bandwidth of the processor's memory.
 * @throws {RangeError} when a value is out of range.
 * @example Cambricon-LLM-L: 36.34 tokens a second of OPT-6.7B are reported, 3.44 of Llama-2-70B
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findComputingDrive, findModel } from "@fewer-bytes/catalog";
 * import { inFlashDecode } from "@fewer-bytes/offload";
 *
 * const speed = (model: string) =>
 *   inFlashDecode(findModel(model), findComputingDrive("cambricon-llm-l"), 1000, 40e9).tokensPerSecond;
 * assertAlmostEquals(speed("opt-6.7b"), 35.3, 0.1);
 * assertAlmostEquals(speed("llama-2-70b"), 4.37, 0.01); // the bound; 79 % of it is reported
 * ```
 */
export function inFlashDecode(
  model: Model,
  drive: ComputingDrive,
  context: Tokens,
  dram: BytesPerSecond,
): InFlashDecode {
  requireAtLeast(context, 0, "decode in flash", "the context");
  requirePositive(dram, "decode in flash", "the bandwidth of the processor's memory");
  const step = { phase: "decode", batch: 1, newTokens: 1, context } as const;
  const formats = { weights: "int8", cache: "int8", activations: "int8" } as const;
  const { bytes } = sumOperators(operators(model, step, { formats }));
  const weights = bytes.weights / inFlashRate(drive).total;
  const cache = bytes.cache / dram;
  const seconds = weights + cache;
  return {
    tokensPerSecond: 1 / seconds,
    weights,
    cache,
    effective: bytes.weights / seconds,
  };
}
