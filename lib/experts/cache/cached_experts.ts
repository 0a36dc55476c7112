import { bytesPerValue } from "../../catalog/mod.ts";
import type { RoundPlace } from "../../decoding/mod.ts";
import { type Tier, tierBandwidth } from "../../memory/mod.ts";
import { complete, type Deployment, operatorOptions, stepTime } from "../../roofline/mod.ts";
import { feedForwardParameters, operators, parameters } from "../../transformer/mod.ts";
import { type Bytes, requireAtLeast, requireInteger, type Seconds } from "../../units/mod.ts";
import { stepChances } from "../reading/distinct_experts.ts";
import { expertLayers } from "../reading/expert_layers.ts";
import { popularChances } from "../reading/popularity.ts";
import { withPopularity } from "../reading/with_popularity.ts";
import { pinnedMisses, recentMisses } from "./expected_misses.ts";

/** Where experts lie that are not kept near. */
export interface ExpertCache {
  /** Experts of each layer that the device keeps. */
  readonly slots: number;
  /** Where the others are brought from. */
  readonly tier: Tier;
  /** Of Zipf's law. Default 0: all experts are alike. */
  readonly exponent?: number;
  /** Whether the cache keeps what was asked for last, or the most popular. Default "recent". */
  readonly keeps?: "recent" | "popular";
  /** The chance that a step asks for the experts of the one before. Default 0. */
  readonly repeat?: number;
}

/** A step with a part of the experts elsewhere. */
export interface CachedStep {
  /** Experts that a layer must bring, and that it reads, on average. */
  readonly misses: number;
  readonly asked: number;
  /** Bytes brought in the step, in all layers, for each device. */
  readonly loaded: Bytes;
  /** Bytes that stay on each device: all weights, less the experts that are elsewhere. */
  readonly kept: Bytes;
  /** The step with all experts there, and the bringing alone. */
  readonly compute: Seconds;
  readonly load: Seconds;
  /** One after the other: which experts are missing is known only when the router has spoken. */
  readonly seconds: Seconds;
  /** The bound for those who foresee them perfectly: the slower of the two. */
  readonly foreseen: Seconds;
}

/**
 * How long does a decode step take, when only some experts of each layer are kept near and the others are brought when they are
 * picked? The misses of the cache, times the bytes of an expert, over the way from where they lie.
 *
 * What is brought is also read by the step, so it moves twice; and it is the slow way that counts. A batch asks for nearly all
 * experts in each step, and then what is not kept is brought each time: caching experts is for one user.
 *
 * @throws {RangeError} when the model has no experts, or a value is out of range.
 * @example Mixtral in 4 bits on a GPU with 24 GB: half of the experts kept, the rest over PCIe
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findMemoryLink, findModel } from "@fewer-bytes/catalog";
 * import { cachedStep } from "@fewer-bytes/experts";
 * import { behind, mainMemory } from "@fewer-bytes/memory";
 *
 * const weights = { format: "int4", groupSize: 64, scaleBits: 16 } as const;
 * const deployment = {
 *   model: findModel("mixtral-8x7b"),
 *   hardware: findHardware("nvidia-rtx-4090"),
 *   formats: { weights, cache: "bf16", activations: "bf16" } as const,
 * };
 * const tier = behind(mainMemory(findHardware("intel-xeon-8480plus")), findMemoryLink("pcie-4-x16"));
 * const { kept, seconds, misses } = cachedStep(deployment, { context: 1000 }, { slots: 4, tier });
 * assertAlmostEquals(kept / 1e9, 12.8, 0.1);
 * assertAlmostEquals(misses, 1, 0.01); // of two
 * assertAlmostEquals(1 / seconds, 10, 0.1); // tokens a second; 146 if all were there
 * ```
 */
export function cachedStep(
  deployment: Deployment,
  place: RoundPlace,
  cache: ExpertCache,
): CachedStep {
  const { slots, tier, exponent = 0, keeps = "recent", repeat = 0 } = cache;
  requireInteger(slots, 0, "cache experts", "the slots");
  const full = complete(deployment);
  const { model, formats, devices, hardware, efficiency } = full;
  const { batch = 1, context } = place;
  requireInteger(batch, 1, "cache experts", "batch");
  requireAtLeast(context, 0, "cache experts", "context");
  const value = bytesPerValue(formats.weights) / devices;
  let misses = 0, asked = 0, layers = 0, loaded = 0, away = 0;
  for (const { count, network } of expertLayers(model)) {
    const chances = stepChances(popularChances(network, exponent), batch);
    const expected = keeps === "popular"
      ? pinnedMisses(chances, slots)
      : recentMisses(chances, slots, repeat);
    const expert = feedForwardParameters(model, network).expert * value;
    layers += count;
    misses += count * expected.misses;
    asked += count * expected.asked;
    loaded += count * expected.misses * expert;
    away += count * Math.max(0, network.experts - slots) * expert;
  }
  const table = operators(
    model,
    { phase: "decode", batch, newTokens: 1, context },
    operatorOptions(full),
  );
  const step = withPopularity(table, model, batch, exponent);
  const compute = stepTime(step, hardware, efficiency).seconds;
  const load = loaded / (tierBandwidth(tier) * efficiency.link);
  return {
    misses: misses / layers,
    asked: asked / layers,
    loaded,
    kept: parameters(model).total * value - away,
    compute,
    load,
    seconds: compute + load,
    foreseen: Math.max(compute, load),
  };
}
