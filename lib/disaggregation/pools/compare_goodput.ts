import {
  largestRate,
  type Objective,
  type Policy,
  type RateSearch,
  type Requests,
  type ServingResult,
} from "../../serving/mod.ts";
import { costOf, type Pool } from "./pool.ts";
import { type PoolsSetup, simulatePools } from "./simulate_pools.ts";
import { simulateReplicas } from "./simulate_replicas.ts";

/** Two ways to use devices. */
export interface GoodputComparison extends Omit<PoolsSetup, "requests"> {
  readonly replicas: Pool & { readonly policy: () => Policy };
  /** Traffic at a rate; the same lengths at each, and as long at each: see `trafficLasting`. */
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

/** Goodput of both ways to use devices. */
export interface ComparedGoodput {
  readonly pools: Goodput;
  readonly replicas: Goodput;
  /** Goodput of a device in pools, over that of a device in replicas. */
  readonly gain: number;
  /** What a reader should know before believing the numbers; empty when all is well. */
  readonly warnings: readonly string[];
}

/**
 * By which factor does disaggregation raise the load that can be promised for? Goodput of each device in two pools, over
 * goodput of each device in replicas that do everything.
 *
 * DistServe found 4.48 in its first version, for summaries and against a scheduler that lets whole prompts stop all who
 * decode; and 7.4 in the published one, for a chatbot and against a system that chunks prompts. The factor has no meaning
 * without the objective, the traffic, the link, the scheduler of the replicas and the kernels of both: a slow link or a
 * split that does not fit turns it around, and it grows without end where the replicas hardly keep the promise at all.
 *
 * Both sides see the same requests. When these are over before servers have filled, the rates are those of no steady load,
 * and a warning says so.
 *
 * @throws {RangeError} when one of the two meets the objective at no rate, or at every rate.
 * @example A slow network takes the gain
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { compareGoodput, networks, trafficLasting } from "@fewer-bytes/disaggregation";
 * import { fixedLengths, pagedBatching, StepCost } from "@fewer-bytes/serving";
 *
 * const deployment = new StepCost({ model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") });
 * const setup = {
 *   prefill: { deployment, servers: 1 },
 *   decode: { deployment, servers: 1 },
 *   replicas: { deployment, servers: 2, policy: () => pagedBatching() },
 *   requestsAt: trafficLasting(10, { prompt: fixedLengths(2000), output: fixedLengths(60) }),
 *   objective: { timeToFirstToken: 0.3, timePerOutputToken: 0.012 },
 *   search: { from: 8, tolerance: 0.2 },
 * };
 * const fast = compareGoodput({ ...setup, path: { link: networks["infiniband-ndr"] } });
 * const slow = compareGoodput({ ...setup, path: { link: networks["ethernet-25g"] } });
 * assert(fast.gain > slow.gain);
 * ```
 */
export function compareGoodput(setup: GoodputComparison): ComparedGoodput {
  const { replicas, requestsAt, objective, search = {} } = setup;
  const [prefill, decode, whole] = [setup.prefill, setup.decode, replicas].map((pool) => ({
    ...pool,
    deployment: costOf(pool),
  })) as [Compiled, Compiled, Compiled];
  const warnings: string[] = [];
  const pools = goodputOf(
    "pools",
    (rate) => simulatePools({ ...setup, prefill, decode, requests: requestsAt(rate) }),
    devicesOf(prefill) + devicesOf(decode),
  );
  const together = goodputOf(
    "replicas",
    (rate) => simulateReplicas({ ...replicas, ...whole, requests: requestsAt(rate) }),
    devicesOf(whole),
  );
  return { pools, replicas: together, gain: pools.perDevice / together.perDevice, warnings };

  function goodputOf(
    name: string,
    simulateAt: RateSearch["simulateAt"],
    devices: number,
  ): Goodput {
    const { rate, result } = largestRate({ simulateAt, objective, ...search });
    warnings.push(...tooShort(name, rate, result));
    return { rate, devices, perDevice: rate / devices };
  }
}

/** How many times as long as a request stays must requests keep coming? */
const stays = 5;

function tooShort(name: string, rate: number, { columns, latency }: ServingResult): string[] {
  const { arrival } = columns;
  const lasts = arrival.at(-1)! - arrival[0]!;
  return lasts >= stays * latency.mean ? [] : [
    `The traffic of the ${name} is too short: at ${
      rate.toPrecision(3)
    } requests per second it lasts ` +
    `${lasts.toPrecision(3)} s, and a request stays ${latency.mean.toPrecision(3)} s. ` +
    `Servers have not filled by then, and the rate is higher than they could keep`,
  ];
}

type Compiled = Pool & { readonly deployment: ReturnType<typeof costOf> };

function devicesOf({ deployment, servers }: Compiled): number {
  return servers * deployment.deployment.devices;
}
