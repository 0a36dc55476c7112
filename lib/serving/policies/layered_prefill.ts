import { layerCount, type Model } from "../../catalog/mod.ts";
import { requireInteger, type Tokens } from "../../units/mod.ts";
import { type Eviction, phases } from "../engine/server.ts";
import { admitWithin, type BatchLimits, completeLimits } from "./admit_prompts.ts";
import type { PauseChoice, Policy } from "./policy.ts";

/** How layered prefill is set up. */
export interface LayeredPrefillOptions extends Omit<BatchLimits, "reserve"> {
  /** Tokens of prompts for each group of layers: a prompt of n tokens passes in ⌈n / this⌉ steps. Default 512. */
  readonly groupTokens?: Tokens;
  /** The most groups. Default: one for each layer of the model. */
  readonly groups?: number;
  readonly eviction?: Eviction;
  readonly pause?: PauseChoice;
}

/**
 * Layered prefill cuts the model and not the prompt. Layers stand in groups; in each step every layer decodes, and the
 * layers of one group compute the prompts besides; in the next step the next group does. So a prompt still takes several
 * short steps and decoding never stalls, but each layer sees the prompt once, and a mixture of experts reads its experts
 * once for it, where chunks read them again for each chunk.
 *
 * The number of groups is max(1, ⌈tokens / 512⌉), which makes a step about as long as with chunks of 512 tokens. Groups
 * are of equal size here, also where the number of layers does not divide.
 *
 * Source: Lee et al., "From Tokens to Layers: Redefining Stall-Free Scheduling for LLM Serving with Layered Prefill"
 * (arXiv 2510.08055).
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { chunkedPrefill, layeredPrefill, requests, simulate } from "@fewer-bytes/serving";
 *
 * const model = findModel("qwen3-30b-a3b");
 * const deployment = { model, hardware: findHardware("nvidia-h200-sxm") };
 * const prompt = requests([{ arrival: 0, promptTokens: 4096, outputTokens: 1 }]);
 * const [chunked, layered] = [chunkedPrefill(), layeredPrefill(model)].map((policy) =>
 *   simulate({ deployment, requests: prompt, policy })
 * );
 * assert(layered!.traffic.experts < chunked!.traffic.experts / 7); // read once, and not 8 times
 * ```
 */
export function layeredPrefill(model: Model, options: LayeredPrefillOptions = {}): Policy {
  const { groupTokens = 512, groups = layerCount(model), eviction = "recompute" } = options;
  requireInteger(groupTokens, 1, "layer prompts", "groupTokens");
  requireInteger(groups, 1, "layer prompts", "groups");
  const limits = completeLimits({ ...options, reserve: "prompt" });
  let requests: number[] = [], tokens: Tokens[] = [], stage = 0, stages = 0;
  return {
    name: `layered prefill, ${groupTokens} tokens a group`,
    pause: options.pause ?? "keep",
    start() {
      requests = [];
      tokens = [];
      stage = stages = 0;
    },
    plan(server, plan) {
      if (server.runningCount > 0) server.decodeAll(eviction);
      // Decoding may have sent a prompt away that was on its way through the layers.
      if (requests.some((request) => server.phase[request] !== phases.prefilling)) {
        const stay = requests.map((request) => server.phase[request] === phases.prefilling);
        tokens = tokens.filter((_, index) => stay[index]);
        requests = requests.filter((_, index) => stay[index]);
      }
      if (requests.length === 0) {
        let all = 0;
        const add = (request: number) => {
          const piece = Math.min(limits.promptTokens - all, server.missing(request));
          requests.push(request);
          tokens.push(piece);
          all += piece;
        };
        for (let index = 0; index < server.runningCount && all < limits.promptTokens; index++) {
          const request = server.running[index]!;
          if (server.phase[request] === phases.prefilling) add(request);
        }
        while (
          all < limits.promptTokens && server.waiting.length > 0 &&
          server.runningCount < limits.batch
        ) {
          const request = admitWithin(server, limits);
          if (request < 0) break;
          if (server.phase[request] === phases.prefilling) add(request);
        }
        stage = 0;
        stages = Math.min(groups, Math.max(1, Math.ceil(all / groupTokens)));
      }
      if (requests.length === 0) return;
      requests.forEach((request, index) => plan.prefill(request, tokens[index]!));
      plan.share = 1 / stages;
      plan.enters = stage === 0;
      plan.leaves = ++stage === stages;
      if (plan.leaves) {
        requests = [];
        tokens = [];
      }
    },
  };
}
