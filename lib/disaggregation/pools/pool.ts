import type { Deployment } from "../../roofline/mod.ts";
import {
  blockCount,
  CountedBlocks,
  LogHistogram,
  type Policy,
  Recorder,
  type Requests,
  type ServingSetup,
  Simulation,
  StepCost,
  StepTotals,
} from "../../serving/mod.ts";
import { requireInteger, type Seconds, type Tokens } from "../../units/mod.ts";

/** Servers that do the same work. */
export interface Pool {
  /** Model, hardware, devices and formats of one server, or its compiled step times. */
  readonly deployment: Deployment | StepCost;
  readonly servers: number;
  /** Makes the policy of one server. */
  readonly policy?: () => Policy;
  /** Blocks of 16 tokens on one server. Default: what the deployment leaves beside the weights. */
  readonly blocks?: number;
}

/** The step times of a pool's servers, compiled once. */
export function costOf({ deployment, servers }: Pool): StepCost {
  requireInteger(servers, 1, "simulate pools", "the number of servers");
  return deployment instanceof StepCost ? deployment : new StepCost(deployment);
}

/** A server of a pool: what its users wait between tokens is counted together with all others of the pool. */
export class PoolServer extends Simulation {
  override readonly recorder: Recorder;

  constructor(setup: ServingSetup, gaps: LogHistogram) {
    super(setup);
    this.recorder = new SharedRecorder(setup.requests.arrival.length, gaps);
  }
}

class SharedRecorder extends Recorder {
  override readonly gaps: LogHistogram;

  constructor(count: number, gaps: LogHistogram) {
    super(count);
    this.gaps = gaps;
  }
}

/** The servers of a pool that have requests, and the gaps between tokens that they count together. */
export interface PoolServers {
  readonly simulations: readonly PoolServer[];
  readonly gaps: LogHistogram;
}

/** One simulation for each server that has requests. */
export function serversOf(
  cost: StepCost,
  { blocks }: Pick<Pool, "blocks">,
  policy: () => Policy,
  shares: readonly Requests[],
): PoolServers {
  const room = blocks ?? blockCount(cost.deployment);
  const gaps = new LogHistogram();
  const simulations = shares.filter(({ arrival }) => arrival.length > 0).map((requests) =>
    new PoolServer({
      deployment: cost,
      requests,
      policy: policy(),
      memory: new CountedBlocks(room),
    }, gaps)
  );
  return { simulations, gaps };
}

/** Seconds to read a prompt in a step of its own. */
export function promptSeconds(cost: StepCost, promptTokens: Tokens): Seconds {
  const load = cost.load();
  load.prefill(promptTokens, 0, true);
  return cost.evaluate(load, new StepTotals()).seconds;
}

/** Seconds of each prompt in a step of its own: what a router knows before a server does. */
export function promptWork(cost: StepCost, { promptTokens }: Requests): Float64Array {
  return Float64Array.from(promptTokens, (tokens) => promptSeconds(cost, tokens));
}
