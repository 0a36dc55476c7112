import { requireInteger } from "../../units/mod.ts";
import type { Plan } from "../engine/plan.ts";
import { type Eviction, phases, type Server } from "../engine/server.ts";
import { admitWithin, type BatchLimits, completeLimits } from "./admit_prompts.ts";
import type { Policy } from "./policy.ts";

/** How fair batching is set up. */
export interface FairBatchingOptions extends Omit<BatchLimits, "reserve"> {
  /** Priorities are looked at again after so many steps. Default 25. */
  readonly interval?: number;
  /** Who should run: the higher, the sooner. Default: who was given the fewest tokens. */
  readonly priority?: (server: Server, request: number) => number;
  readonly eviction?: Eviction;
  /** Whether caches move while the next step computes (FastSwitch), or before it. Default false. */
  readonly overlaps?: boolean;
}

/** How far into the queue one looks for requests of high priority. */
const lookAhead = 1024;

/**
 * Everybody in turn: priorities change while requests run, those that fell behind go to the host and others come in.
 * Each change is a context switch, and moves a cache over a slow link; how often to look, and how fast a cache moves,
 * decide whether fairness pays.
 *
 * Source: Shen, Li and Gao, "FastSwitch: Optimizing Context Switching Efficiency in Fairness-aware Large Language Model
 * Serving" (arXiv 2411.18424).
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { fixedLengths, makeRequests, poissonArrivals, simulate, CountedBlocks, fairBatching } from "@fewer-bytes/serving";
 *
 * const model = findModel("llama-3.1-8b");
 * const requests = makeRequests({
 *   count: 100,
 *   arrivals: poissonArrivals(20),
 *   prompt: fixedLengths(2000),
 *   output: fixedLengths(50),
 * });
 * const setup = { deployment: { model, hardware: findHardware("nvidia-h100-sxm") }, requests };
 * const result = simulate({ ...setup, memory: new CountedBlocks(600), policy: fairBatching({ interval: 10 }) });
 * assert(result.swaps.count > 0); // those who got more made room for those who got less
 * ```
 */
export function fairBatching(options: FairBatchingOptions = {}): Policy {
  const { interval = 25, eviction = "swap", overlaps = false } = options;
  const { priority = (server, request) => -server.generated[request]! } = options;
  requireInteger(interval, 1, "batch fairly", "the interval");
  const limits = completeLimits({ ...options, reserve: "prompt" });
  let next = 0;
  return {
    name: `fair, every ${interval} steps`,
    start: () => {
      next = 0;
    },
    plan(server, plan) {
      if (server.steps >= next) {
        next = server.steps + interval;
        takeTurns(server, limits, priority, eviction);
      }
      if (server.runningCount > 0) server.decodeAll(eviction);
      while (server.waiting.length > 0 && server.runningCount < limits.batch) {
        if (admitWithin(server, limits) < 0) break;
      }
      prefillAll(server, plan, limits.promptTokens);
      plan.steps = next - server.steps;
      plan.overlaps = overlaps;
    },
  };
}

/** Sends away the running requests that are not among the first by priority, so that those can come in. */
function takeTurns(
  server: Server,
  { batch }: ReturnType<typeof completeLimits>,
  priority: NonNullable<FairBatchingOptions["priority"]>,
  eviction: Eviction,
): void {
  const { waiting, memory, requests } = server;
  if (waiting.length === 0) return;
  const candidates = Array.from(server.running.subarray(0, server.runningCount));
  const running = new Set(candidates);
  for (let place = 0; place < Math.min(waiting.length, lookAhead); place++) {
    candidates.push(waiting.at(place));
  }
  const ranks = new Map(candidates.map((request) => [request, priority(server, request)]));
  candidates.sort((one, other) => ranks.get(other)! - ranks.get(one)! || one - other);
  let blocks = 0, chosen = 0;
  const spare = Math.ceil(memory.total / 100);
  for (const request of candidates) {
    const tokens = requests.promptTokens[request]! + server.generated[request]! + 1;
    const own = Math.ceil(tokens / memory.blockTokens);
    const fits = chosen < batch && blocks + own <= memory.total - spare;
    if (fits) [blocks, chosen] = [blocks + own, chosen + 1];
    else if (running.has(request)) server.evict(request, eviction);
  }
  // Who was chosen and waits comes to the front, the first of them last.
  const front = candidates.slice(0, chosen).filter((request) => !running.has(request)).reverse();
  for (const request of front) {
    let place = 0;
    while (waiting.at(place) !== request) place++;
    waiting.pushFront(waiting.remove(place));
  }
}

function prefillAll(server: Server, plan: Plan, most: number): void {
  let tokens = 0;
  for (let index = 0; index < server.runningCount && tokens < most; index++) {
    const request = server.running[index]!;
    if (server.phase[request] !== phases.prefilling) continue;
    const missing = Math.min(most - tokens, server.missing(request));
    plan.prefill(request, missing);
    tokens += missing;
  }
}
