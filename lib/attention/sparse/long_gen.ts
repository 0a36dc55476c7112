import type { Hardware, Model } from "../../catalog/mod.ts";
import { stepTime } from "../../roofline/mod.ts";
import { cacheBytes, operators } from "../../transformer/mod.ts";
import { requireAtLeast, requireInteger, type Tokens } from "../../units/mod.ts";
import { withWindows } from "../kinds/local_global.ts";
import { columnsPattern } from "./strided_patterns.ts";
import { type Pattern, sinkPattern, unionOf, windowPattern } from "./pattern.ts";

/** What a sparse layer of LongGen sees, in blocks. */
export interface LongGenLayer {
  /** Latest blocks, the own included. */
  readonly window: number;
  /** First blocks. Default 1. */
  readonly sinks?: number;
  /** One block in so many is seen however far away; absent for the variant with sinks and window alone. */
  readonly stride?: number;
  /** From which block on: heads differ in it, so that together they see all. Default 0. */
  readonly offset?: number;
}

/**
 * What do LongGen's sparse layers see? A window, the first blocks, and every stride-th block.
 *
 * Two thirds of its layers are so, those at bottom and top; the third in the middle sees everything.
 *
 * Source: Ge et al., "A Little Goes a Long Way: Efficient Long Context Training and Inference with Partial Contexts" (2024).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { drawPattern, longGenPattern } from "@fewer-bytes/attention";
 *
 * const rows = drawPattern(longGenPattern({ window: 2, stride: 3, offset: 2 }), 9, { causal: true });
 * assertEquals(rows[8], "101001011"); // sink, 2, 5, and the window of 7 and 8
 * ```
 */
export function longGenPattern({ window, sinks = 1, stride, offset = 0 }: LongGenLayer): Pattern {
  requireInteger(window, 1, "make LongGen's pattern", "the window");
  const near = unionOf(windowPattern({ before: window - 1 }), sinkPattern(sinks));
  return stride === undefined ? near : unionOf(near, columnsPattern(stride, offset));
}

/**
 * By which share does the cache shrink when some layers keep only so many tokens? At most by their share of the layers.
 *
 * @param sparseShare Layers that are sparse, as a share of all. LongGen: 2/3.
 * @param kept Tokens that each of those keeps.
 */
export function hybridCacheSaving(sparseShare: number, kept: Tokens, context: Tokens): number {
  requireAtLeast(sparseShare, 0, "size a cache", "the share of sparse layers");
  requireAtLeast(1 - sparseShare, 0, "size a cache", "the share of full layers");
  requireInteger(context, 1, "size a cache", "the context");
  requireAtLeast(kept, 0, "size a cache", "the tokens kept");
  return sparseShare * (1 - Math.min(1, kept / context));
}

/**
 * How many tokens do sparse layers keep, if the cache shrinks by a claimed share? LongGen's 62 % at 128K say 9,175.
 *
 * @returns Negative when even layers that keep nothing do not save as much.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { keptForSaving } from "@fewer-bytes/attention";
 *
 * assertAlmostEquals(keptForSaving(0.62, 2 / 3, 131_072), 9175, 1);
 * ```
 */
export function keptForSaving(saving: number, sparseShare: number, context: Tokens): Tokens {
  requireAtLeast(saving, 0, "find the tokens kept", "the saving");
  requireAtLeast(sparseShare, 0, "find the tokens kept", "the share of sparse layers");
  requireInteger(context, 1, "find the tokens kept", "the context");
  return context * (1 - saving / sparseShare);
}

/** What a stack of one full layer in three gains over one of full layers only. */
export interface HybridGain {
  /** The share of the cache that is saved. */
  readonly cache: number;
  /** Times as fast, on the roofline. */
  readonly prefill: number;
  readonly decode: number;
}

/**
 * What does a model gain when two layers in three keep a number of tokens only? On the roofline: at full rate where
 * arithmetic is waited for, at full bandwidth where memory is. Layers that are sparse in blocks cost what a window as large
 * does.
 *
 * @param context Tokens of the prompt, and of the cache in decode; one sequence.
 * @example LongGen's setting: Llama 2 7B at 128K. It measured 1.67 and 1.41 times, both below what the roofline allows
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { hybridGain } from "@fewer-bytes/attention";
 *
 * const gain = hybridGain(findModel("llama-2-7b"), findHardware("nvidia-a100-sxm-80gb"), 131_072, 9175);
 * assert(gain.prefill > 1.67 && gain.decode > 1.41);
 * ```
 */
export function hybridGain(
  model: Model,
  hardware: Hardware,
  context: Tokens,
  kept: Tokens,
): HybridGain {
  const hybrid = withWindows(model, { window: kept, globalEvery: 3 });
  const time = (which: Model, decode: boolean) =>
    stepTime(
      operators(
        which,
        decode
          ? { phase: "decode", batch: 1, newTokens: 1, context }
          : { phase: "prefill", batch: 1, newTokens: context, context: 0 },
      ),
      hardware,
    ).seconds;
  return {
    cache: 1 - cacheBytes(hybrid, context) / cacheBytes(model, context),
    prefill: time(model, false) / time(hybrid, false),
    decode: time(model, true) / time(hybrid, true),
  };
}
