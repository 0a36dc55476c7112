import { admitPrompts, type BatchLimits, completeLimits } from "./admit_prompts.ts";
import type { Policy } from "./policy.ts";

/**
 * What came before: a batch is collected, computed until its longest answer is complete, and handed out together. Places
 * of short answers are computed along for nothing, and who comes late waits for the whole batch.
 *
 * The batch starts when it is full or when nobody else will come.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { fixedLengths, makeRequests, poissonArrivals, simulate, staticBatching } from "@fewer-bytes/serving";
 *
 * const model = findModel("llama-3.1-8b");
 * const requests = makeRequests({
 *   count: 100,
 *   arrivals: poissonArrivals(20),
 *   prompt: fixedLengths(2000),
 *   output: fixedLengths(50),
 * });
 * const setup = { deployment: { model, hardware: findHardware("nvidia-h100-sxm") }, requests };
 * const result = simulate({ ...setup, policy: staticBatching({ batch: 10 }) });
 * assert(result.placeUtilization === 1); // equal answers: nothing is wasted but time
 * assert(result.timeToFirstToken.mean > 0.2);
 * ```
 */
export function staticBatching(options: Omit<BatchLimits, "reserve" | "spareBlocks"> = {}): Policy {
  const limits = completeLimits({ promptTokens: 2 ** 31, ...options, reserve: "answer" });
  return {
    name: "static",
    holdsFinished: true,
    plan(server, plan) {
      if (server.runningCount > 0) {
        server.decodeAll();
        return;
      }
      if (server.waiting.length >= limits.batch || server.allArrived) {
        admitPrompts(server, plan, limits);
      }
    },
  };
}
