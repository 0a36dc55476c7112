import type { Eviction, Server } from "../engine/server.ts";
import { admitPrompts, type BatchLimits, completeLimits } from "./admit_prompts.ts";
import type { PauseChoice, Policy } from "./policy.ts";

/** How vLLM's first scheduler is set up. */
export interface PagedBatchingOptions extends Omit<BatchLimits, "reserve"> {
  /** What becomes of the cache of those who must leave. Default: it is computed again. */
  readonly eviction?: Eviction;
  readonly pause?: PauseChoice;
  /** Whom to let in next: the first who came, or the one of whose prompt most is there already (SGLang). */
  readonly order?: "first come" | "longest prefix";
}

/** How far into the queue one looks for the longest prefix. */
const lookAhead = 256;

/**
 * vLLM's first scheduler: blocks are taken as answers grow, so many more requests run at once; prompts come before
 * everything, in steps of their own, while decoding waits; and when no block is left, the last who came leaves.
 *
 * Source: Kwon et al., "Efficient Memory Management for Large Language Model Serving with PagedAttention" (SOSP 2023).
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { fixedLengths, makeRequests, poissonArrivals, simulate, CountedBlocks, continuousBatching, pagedBatching } from "@fewer-bytes/serving";
 *
 * const model = findModel("llama-3.1-8b");
 * const requests = makeRequests({
 *   count: 100,
 *   arrivals: poissonArrivals(20),
 *   prompt: fixedLengths(2000),
 *   output: fixedLengths(50),
 * });
 * const setup = { deployment: { model, hardware: findHardware("nvidia-h100-sxm") }, requests };
 * const memory = () => new CountedBlocks(2000);
 * const paged = simulate({ ...setup, memory: memory(), policy: pagedBatching() });
 * const reserved = simulate({ ...setup, memory: memory(), policy: continuousBatching({ reserve: 8192 }) });
 * assert(paged.timeToFirstToken.mean < reserved.timeToFirstToken.mean);
 * ```
 */
export function pagedBatching(options: PagedBatchingOptions = {}): Policy {
  const { eviction = "recompute", order = "first come" } = options;
  const limits = completeLimits({ ...options, reserve: "prompt" });
  const pick = order === "longest prefix" ? longestPrefix : undefined;
  return {
    name: "vLLM",
    pause: options.pause ?? "keep",
    plan(server, plan) {
      admitPrompts(server, plan, limits, pick);
      if (plan.prompts.length === 0 && server.runningCount > 0) server.decodeAll(eviction);
    },
  };
}

/** The place in the queue of the request that finds most of its beginning; the earliest of equals. */
function longestPrefix({ waiting, prefixes, requests }: Server): number {
  if (!prefixes) return 0;
  let best = 0, most = -1;
  for (let place = 0; place < Math.min(waiting.length, lookAhead); place++) {
    const request = waiting.at(place);
    const found = prefixes.length(requests.prefix![request]!);
    if (found > most) [best, most] = [place, found];
  }
  return best;
}
