import { admitPrompts, type BatchLimits, completeLimits } from "./admit_prompts.ts";
import type { PauseChoice, Policy } from "./policy.ts";

/**
 * Orca's idea: the batch changes at every step. Who is complete leaves at once, who waits comes in at once, and a step
 * computes whole prompts beside one token of everybody else.
 *
 * Orca reserves room for the longest answer when a request comes in; give `reserve: 2048` for that. The default knows
 * each answer's length, the best that reservation could do.
 *
 * Source: Yu et al., "Orca: A Distributed Serving System for Transformer-Based Generative Models" (OSDI 2022).
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { fixedLengths, makeRequests, poissonArrivals, simulate, continuousBatching } from "@fewer-bytes/serving";
 *
 * const model = findModel("llama-3.1-8b");
 * const requests = makeRequests({
 *   count: 100,
 *   arrivals: poissonArrivals(20),
 *   prompt: fixedLengths(2000),
 *   output: fixedLengths(50),
 * });
 * const setup = { deployment: { model, hardware: findHardware("nvidia-h100-sxm") }, requests };
 * const few = simulate({ ...setup, policy: continuousBatching({ batch: 4 }) });
 * const many = simulate({ ...setup, policy: continuousBatching({ batch: 64 }) });
 * assert(many.latency.mean < few.latency.mean);
 * ```
 */
export function continuousBatching(
  options: BatchLimits & { readonly pause?: PauseChoice } = {},
): Policy {
  const limits = completeLimits({ reserve: "answer", ...options });
  return {
    name: "continuous",
    pause: options.pause ?? "keep",
    plan(server, plan) {
      if (server.runningCount > 0) server.decodeAll();
      admitPrompts(server, plan, limits);
    },
  };
}
