import {
  blockCount,
  CountedBlocks,
  pagedBatching,
  type RateSearch,
  type Requests,
  resultOf,
  type ServingResult,
  Simulation,
  type StepCost,
} from "../../serving/mod.ts";
import { requirePositive, type Seconds } from "../../units/mod.ts";
import { pick } from "../pools/route.ts";
import { receivedCaches } from "../pools/received_caches.ts";
import { rateOrZero } from "./rate_or_zero.ts";

/** How one phase is measured by itself. */
export interface PhaseSearch {
  /** Traffic at a rate; the same lengths at each, and as long at each: see `trafficLasting`. */
  readonly requestsAt: (rate: number) => Requests;
  /** The time to the first token, or per later token, that is promised. */
  readonly promise: Seconds;
  /** The share that must get what was promised, where to begin and how exact: as for `largestRate`. */
  readonly search?: Partial<Pick<RateSearch, "attainment" | "from" | "tolerance">>;
}

/** Longer than anybody waits: half of an objective that is not asked about. */
const whenever = 1e12;

/**
 * Which rate can one server promise for, if all it does is read prompts? The first half of DistServe's search: goodput of
 * a prefill server under the time to the first token alone.
 *
 * @returns Requests a second; 0 when not even a lone request gets what was promised.
 * @throws {RangeError} when the promise is not above zero, or a request does not fit.
 * @example Twice as strict, and less than half is left of the queue
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { prefillGoodput, promptSeconds } from "@fewer-bytes/disaggregation";
 * import { fixedLengths, makeRequests, poissonArrivals, StepCost } from "@fewer-bytes/serving";
 *
 * const cost = new StepCost({ model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") });
 * const requestsAt = (rate: number) =>
 *   makeRequests({ count: 300, arrivals: poissonArrivals(rate), prompt: fixedLengths(1000), output: fixedLengths(9) });
 * const rate = (factor: number) =>
 *   prefillGoodput(cost, { requestsAt, promise: factor * promptSeconds(cost, 1000) });
 * assert(rate(4) > rate(2) && rate(2) > 0 && rate(0.9) === 0);
 * ```
 */
export function prefillGoodput(cost: StepCost, search: PhaseSearch): number {
  requirePositive(search.promise, "measure prefill", "the promise");
  const simulateAt = (rate: number) => {
    const requests = search.requestsAt(rate);
    const outputTokens = new Int32Array(requests.outputTokens.length).fill(1);
    return run(
      new Simulation({
        deployment: cost,
        requests: { ...requests, outputTokens },
        policy: pagedBatching({ promptTokens: 1024 }),
        memory: new CountedBlocks(blockCount(cost.deployment)),
      }),
    );
  };
  const objective = { timeToFirstToken: search.promise };
  return rateOrZero({ simulateAt, objective, ...search.search });
}

/**
 * The other half: which rate can one server promise for, if caches come to it ready, and all it does is decode?
 *
 * Caches come as a Poisson process would bring them, at once and without a link. Answers of one token are not counted: they
 * never come here.
 *
 * @returns Requests a second; 0 when not even a lone request gets what was promised.
 */
export function decodeGoodput(cost: StepCost, search: PhaseSearch): number {
  requirePositive(search.promise, "measure decoding", "the promise");
  const objective = { timeToFirstToken: whenever, timePerOutputToken: search.promise };
  const simulateAt = (rate: number) => {
    const all = search.requestsAt(rate);
    const longer = Array.from(all.arrival, (_, request) => request)
      .filter((request) => all.outputTokens[request]! > 1);
    const requests = pick(all, longer);
    const simulation = new Simulation({
      deployment: cost,
      requests,
      policy: receivedCaches(),
      memory: new CountedBlocks(blockCount(cost.deployment)),
    });
    simulation.recorder.first.set(requests.arrival);
    simulation.recorder.last.set(requests.arrival);
    return run(simulation);
  };
  return rateOrZero({ simulateAt, objective, ...search.search });
}

function run(simulation: Simulation): ServingResult {
  simulation.advance();
  return resultOf(simulation);
}
