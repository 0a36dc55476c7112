import type { Deployment } from "../../roofline/mod.ts";
import {
  blockCount,
  CountedBlocks,
  type Policy,
  type Requests,
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

/** One simulation for each server that has requests. */
export function simulationsOf(
  cost: StepCost,
  { blocks }: Pick<Pool, "blocks">,
  policy: () => Policy,
  shares: readonly Requests[],
): Simulation[] {
  const room = blocks ?? blockCount(cost.deployment);
  return shares.filter(({ arrival }) => arrival.length > 0).map((requests) =>
    new Simulation({
      deployment: cost,
      requests,
      policy: policy(),
      memory: new CountedBlocks(room),
    })
  );
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
