import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, type Seconds, type Tokens } from "../../units/mod.ts";
import { type StepCost, StepTotals } from "../cost/step_cost.ts";
import type { PauseAction, PauseChoice } from "./policy.ts";

/** A request that waits for a tool, among others. */
export interface Pause {
  /** Tokens that it has cached, and tokens that the others have. */
  readonly context: Tokens;
  readonly others: Tokens;
  /** How long it waits. */
  readonly seconds: Seconds;
  /** How long it takes to compute its cache again, and to move it to the host or back. */
  readonly recompute: Seconds;
  readonly swap: Seconds;
}

/** Waste of keeping, as it is printed and computed. */
export const keepWasteFormula = formula("waste = T * C", {
  waste: "token-seconds of memory that nobody uses",
  T: "seconds of the pause",
  C: "tokens cached for the request that waits",
});

/** Waste of computing again. */
export const discardWasteFormula = formula("waste = F * (C + O)", {
  waste: "token-seconds of memory that nobody uses",
  F: "seconds to compute the cache again",
  C: "tokens cached for the request that waits",
  O: "tokens cached for all others, who wait meanwhile",
});

/** Waste of moving out and in. */
export const swapWasteFormula = formula("waste = 2 * S * (C + O)", {
  waste: "token-seconds of memory that nobody uses",
  S: "seconds to move the cache in one direction",
  C: "tokens cached for the request that waits",
  O: "tokens cached for all others, who wait meanwhile",
});

/**
 * Keep, move or throw away? Each wastes memory for a time, in token-seconds: keeping holds its own cache through the
 * pause; computing it again and moving it stop everybody, who hold theirs.
 *
 * Short pauses are worth keeping through, long ones not; where the line lies depends on the others.
 *
 * Source: Abhyankar et al., "APIServe", later "InferCept: Efficient Intercept Support for Augmented Large Language Model
 * Inference" (ICML 2024), equations 1 to 3.
 *
 * @throws {RangeError} when a value is negative.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { pauseWaste } from "@fewer-bytes/serving";
 *
 * const pause = { context: 2000, others: 50_000, recompute: 0.06, swap: 0.005 };
 * const short = pauseWaste({ ...pause, seconds: 0.1 });
 * assert(short.keep < short.swap && short.swap < short.discard);
 * const long = pauseWaste({ ...pause, seconds: 30 });
 * assert(long.swap < long.discard && long.discard < long.keep);
 * ```
 */
export function pauseWaste(pause: Pause): Readonly<Record<PauseAction, number>> {
  for (const [name, value] of Object.entries(pause)) {
    requireAtLeast(value, 0, "weigh a pause", name);
  }
  const { context, others, seconds, recompute, swap } = pause;
  return {
    keep: seconds * context,
    discard: recompute * (context + others),
    swap: 2 * swap * (context + others),
  };
}

/**
 * Chooses what wastes least, each time; the length of the pause is taken as known, which makes it the best that a
 * prediction could do.
 */
export function leastWaste(cost: StepCost): PauseChoice {
  const load = cost.load();
  const totals = new StepTotals();
  return (server, request) => {
    const context = server.cached[request]!;
    let others = -context;
    for (let index = 0; index < server.runningCount; index++) {
      others += server.cached[server.running[index]!]!;
    }
    load.clear();
    load.prefill(context, 0, true);
    const waste = pauseWaste({
      context,
      others: Math.max(0, others),
      seconds: server.requests.pauseSeconds![request]!,
      recompute: cost.evaluate(load, totals).seconds,
      swap: server.swapTime(context),
    });
    const actions = ["keep", "swap", "discard"] as const;
    return actions.reduce((best, action) => waste[action] < waste[best] ? action : best);
  };
}
