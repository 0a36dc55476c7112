import { requireInteger, type Tokens } from "../../units/mod.ts";
import { type Eviction, phases } from "../engine/server.ts";
import { admitWithin, type BatchLimits, completeLimits } from "./admit_prompts.ts";
import type { PauseChoice, Policy } from "./policy.ts";

/** How chunked prefill is set up. */
export interface ChunkedPrefillOptions extends Omit<BatchLimits, "reserve" | "promptTokens"> {
  /** Tokens of one step, decoded ones included: the token budget. Default 512. */
  readonly budget?: Tokens;
  readonly eviction?: Eviction;
  readonly pause?: PauseChoice;
}

/**
 * Sarathi-Serve's stall-free schedule: every step decodes everybody, and fills what is left of a fixed number of tokens
 * with a piece of a prompt. No step is long, so nobody's answer stalls while another's prompt is read. vLLM's second
 * engine schedules in the same way, with a larger budget.
 *
 * The price: each piece reads all weights again, and all that the pieces before it have cached.
 *
 * Source: Agrawal et al., "Taming Throughput-Latency Tradeoff in LLM Inference with Sarathi-Serve" (OSDI 2024).
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { fixedLengths, makeRequests, poissonArrivals, simulate, chunkedPrefill, pagedBatching } from "@fewer-bytes/serving";
 *
 * const model = findModel("llama-3.1-8b");
 * const requests = makeRequests({
 *   count: 100,
 *   arrivals: poissonArrivals(20),
 *   prompt: fixedLengths(2000),
 *   output: fixedLengths(50),
 * });
 * const setup = { deployment: { model, hardware: findHardware("nvidia-h100-sxm") }, requests };
 * const chunked = simulate({ ...setup, policy: chunkedPrefill() });
 * const whole = simulate({ ...setup, policy: pagedBatching() });
 * assert(chunked.timeBetweenTokens.p99 < whole.timeBetweenTokens.p99 / 2);
 * ```
 */
export function chunkedPrefill(options: ChunkedPrefillOptions = {}): Policy {
  const { budget = 512, eviction = "recompute" } = options;
  requireInteger(budget, 1, "chunk prompts", "the budget");
  const limits = completeLimits({ ...options, reserve: "prompt" });
  return {
    name: `chunked prefill, ${budget} tokens`,
    pause: options.pause ?? "keep",
    plan(server, plan) {
      if (server.runningCount > 0) server.decodeAll(eviction);
      let left = budget;
      for (let index = 0; index < server.runningCount; index++) {
        if (server.phase[server.running[index]!] === phases.decoding) left--;
      }
      for (let index = 0; index < server.runningCount && left > 0; index++) {
        const request = server.running[index]!;
        if (server.phase[request] !== phases.prefilling) continue;
        const tokens = Math.min(left, server.missing(request));
        plan.prefill(request, tokens);
        left -= tokens;
      }
      while (left > 0 && server.waiting.length > 0 && server.runningCount < limits.batch) {
        const request = admitWithin(server, limits);
        if (request < 0) return;
        if (server.phase[request] !== phases.prefilling) continue;
        const tokens = Math.min(left, server.missing(request));
        plan.prefill(request, tokens);
        left -= tokens;
      }
    },
  };
}
