import {
  largestRate,
  type Objective,
  type Policy,
  type RateSearch,
  type Requests,
} from "../../serving/mod.ts";
import { costOf, type Pool } from "./pool.ts";
import { type PoolsSetup, simulatePools } from "./simulate_pools.ts";
import { simulateReplicas } from "./simulate_replicas.ts";

/** Two ways to use devices. */
export interface GoodputComparison extends Omit<PoolsSetup, "requests"> {
  readonly replicas: Pool & { readonly policy: () => Policy };
  /** Traffic at a rate; the same lengths at each. */
  readonly requestsAt: (rate: number) => Requests;
  readonly objective: Objective;
  /** The share that must get what was promised, where to begin and how exact: as for `largestRate`. */
  readonly search?: Partial<Pick<RateSearch, "attainment" | "from" | "tolerance">>;
}

/** The highest rate that keeps the promise, and for each device. */
export interface Goodput {
  readonly rate: number;
  readonly devices: number;
  readonly perDevice: number;
}

/**
 * By which factor does disaggregation raise the load that can be promised for? Goodput of each device in two pools, over
 * goodput of each device in replicas that do everything.
 *
 * DistServe found 4.48 in its first version, and 7.4 in the published one, against a scheduler that lets whole prompts
 * stop all who decode. The factor has no meaning without the objective, the traffic, the link and the scheduler of the
 * replicas: chunked prefill takes most of it away, and a slow link or a split that does not fit turns it around.
 *
 * @throws {RangeError} when one of the two meets the objective at no rate, or at every rate.
 * @example A slow network takes the gain
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { compareGoodput, networks } from "@fewer-bytes/disaggregation";
 * import { fixedLengths, makeRequests, pagedBatching, poissonArrivals, StepCost } from "@fewer-bytes/serving";
 *
 * const deployment = new StepCost({ model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") });
 * const setup = {
 *   prefill: { deployment, servers: 1 },
 *   decode: { deployment, servers: 1 },
 *   replicas: { deployment, servers: 2, policy: () => pagedBatching() },
 *   requestsAt: (rate: number) =>
 *     makeRequests({ count: 150, arrivals: poissonArrivals(rate), prompt: fixedLengths(2000), output: fixedLengths(60) }),
 *   objective: { timeToFirstToken: 0.3, timePerOutputToken: 0.012 },
 *   search: { from: 8, tolerance: 0.2 },
 * };
 * const fast = compareGoodput({ ...setup, path: { link: networks["infiniband-ndr"] } });
 * const slow = compareGoodput({ ...setup, path: { link: networks["ethernet-25g"] } });
 * assert(fast.gain > slow.gain);
 * ```
 */
export function compareGoodput(
  setup: GoodputComparison,
): { readonly pools: Goodput; readonly replicas: Goodput; readonly gain: number } {
  const { replicas, requestsAt, objective, search = {} } = setup;
  const [prefill, decode, whole] = [setup.prefill, setup.decode, replicas].map((pool) => ({
    ...pool,
    deployment: costOf(pool),
  })) as [Compiled, Compiled, Compiled];
  const pools = goodputOf(
    (rate) => simulatePools({ ...setup, prefill, decode, requests: requestsAt(rate) }),
    devicesOf(prefill) + devicesOf(decode),
  );
  const together = goodputOf(
    (rate) => simulateReplicas({ ...replicas, ...whole, requests: requestsAt(rate) }),
    devicesOf(whole),
  );
  return { pools, replicas: together, gain: pools.perDevice / together.perDevice };

  function goodputOf(simulateAt: RateSearch["simulateAt"], devices: number): Goodput {
    const { rate } = largestRate({ simulateAt, objective, ...search });
    return { rate, devices, perDevice: rate / devices };
  }
}

type Compiled = Pool & { readonly deployment: ReturnType<typeof costOf> };

function devicesOf({ deployment, servers }: Compiled): number {
  return servers * deployment.deployment.devices;
}
