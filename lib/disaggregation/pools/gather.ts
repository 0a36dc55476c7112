import { valueFormat, widerFormat } from "../../catalog/mod.ts";
import {
  distribution,
  energyModel,
  energyOf,
  hasEnergyModel,
  type LogHistogram,
  type Requests,
  resultOf,
  type ServingResult,
  type Simulation,
  streamDistribution,
} from "../../serving/mod.ts";
import type { Joules, Seconds } from "../../units/mod.ts";

/** Servers that do the same work, after their simulation. */
export interface FinishedPool {
  readonly name: string;
  /** All of them, also those that got no request and so have no simulation. */
  readonly servers: number;
  readonly simulations: readonly Simulation[];
}

/** How busy a pool was. */
export interface PoolUse {
  readonly name: string;
  readonly servers: number;
  /** Devices of all its servers. */
  readonly devices: number;
  /** The share of time in which something was computed, on average over the servers. */
  readonly utilization: number;
  /** Requests that decode in a step, averaged over busy time. */
  readonly meanBatch: number;
  /** The share of the cache memory that was taken, on average and at most on any server. */
  readonly memory: { readonly mean: number; readonly peak: number };
}

/** What came of several servers together: the result of chapter 12, summed over all of them, and how busy each pool was. */
export interface PooledResult extends ServingResult {
  readonly pools: readonly PoolUse[];
  /** Devices of all pools. */
  readonly devices: number;
}

/** Sums up servers that are done, request by request as users saw them. The time line is left out. */
export function gather(
  policy: string,
  requests: Requests,
  { first, finished }: { readonly first: Float64Array; readonly finished: Float64Array },
  pools: readonly FinishedPool[],
  gaps: LogHistogram,
): PooledResult {
  const { arrival, outputTokens } = requests;
  const since = (later: Float64Array) => later.map((time, at) => time - arrival[at]!);
  const duration = finished.reduce((most, time) => Math.max(most, time), 0) - arrival[0]!;
  const all = pools.flatMap(({ simulations }) => simulations);
  const names = pools.flatMap(({ name, simulations }) => simulations.map(() => name));
  const parts = all.map(resultOf);
  const sum = (value: (result: ServingResult, simulation: Simulation) => number) =>
    parts.reduce((total, part, at) => total + value(part, all[at]!), 0);
  const latency = since(finished);
  const tokens = sum((part) => part.outputTokens);
  const uses = pools.map((pool) => useOf(pool, duration));
  const servers = pools.reduce((total, pool) => total + pool.servers, 0);
  const blocks = pools.reduce((total, pool) => total + blocksOf(pool), 0);
  const idle = pools.reduce((total, pool) => total + idleEnergy(pool, duration), 0);
  return {
    policy,
    timeToFirstToken: distribution(since(first)),
    latency: distribution(latency),
    timeBetweenTokens: streamDistribution(gaps),
    timePerOutputToken: distribution(
      finished.map((time, at) => (time - first[at]!) / (outputTokens[at]! - 1))
        .filter((_, at) => outputTokens[at]! > 1),
    ),
    duration,
    requestsPerSecond: arrival.length / duration,
    tokensPerSecond: tokens / duration,
    utilization: sum((_, { recorder }) => recorder.busy) / duration / servers,
    placeUtilization: tokens / sum((_, { recorder }) => recorder.places),
    meanBatch: uses.at(-1)!.meanBatch,
    meanPresent: latency.reduce((total, seconds) => total + seconds, 0) / duration,
    memory: {
      mean: sum((_, { recorder }) => recorder.blockSeconds) / duration / blocks,
      peak: Math.max(...uses.map(({ memory }) => memory.peak)),
    },
    steps: sum((part) => part.steps),
    outputTokens: tokens,
    promptTokens: sum((part) => part.promptTokens),
    prefix: { asked: 0, reused: 0 },
    preemptions: sum((part) => part.preemptions),
    swaps: {
      count: sum((part) => part.swaps.count),
      tokens: sum((part) => part.swaps.tokens),
    },
    traffic: {
      total: sum((part) => part.traffic.total),
      weights: sum((part) => part.traffic.weights),
      experts: sum((part) => part.traffic.experts),
      cache: sum((part) => part.traffic.cache),
      activations: sum((part) => part.traffic.activations),
    },
    flops: sum((part) => part.flops),
    energy: idle + sum((_, simulation) => energy(simulation, duration)),
    timeline: [],
    warnings: parts.flatMap(({ warnings }, at) =>
      warnings.map((warning) => `${names[at]}: ${warning}`)
    ),
    columns: { arrival, first, finished, outputTokens },
    pools: uses,
    devices: uses.reduce((total, { devices }) => total + devices, 0),
  };
}

function useOf(pool: FinishedPool, duration: Seconds): PoolUse {
  const { name, servers, simulations } = pool;
  const sum = (value: (simulation: Simulation) => number) =>
    simulations.reduce((total, simulation) => total + value(simulation), 0);
  const busy = sum(({ recorder }) => recorder.busy);
  return {
    name,
    servers,
    devices: servers * simulations[0]!.cost.deployment.devices,
    utilization: busy / duration / servers,
    meanBatch: sum(({ recorder }) => recorder.batchSeconds) / busy,
    memory: {
      mean: sum(({ recorder }) => recorder.blockSeconds) / duration / blocksOf(pool),
      peak: Math.max(
        ...simulations.map(({ recorder, server }) => recorder.peakBlocks / server.memory.total),
      ),
    },
  };
}

function blocksOf({ servers, simulations }: FinishedPool): number {
  return servers * simulations[0]!.server.memory.total;
}

/** A server draws power while others still work, too. */
function energy({ recorder, cost: { deployment } }: Simulation, seconds: Seconds): Joules {
  const { hardware, formats, devices } = deployment;
  if (!hasEnergyModel(hardware)) return NaN;
  const format = widerFormat(valueFormat(formats.weights), formats.activations);
  const { bytes, flops } = recorder;
  return energyOf(energyModel(hardware, format), { seconds, bytes, flops }, devices);
}

/** What servers without a request draw. */
function idleEnergy({ servers, simulations }: FinishedPool, seconds: Seconds): Joules {
  const { hardware, formats, devices } = simulations[0]!.cost.deployment;
  if (servers === simulations.length || !hasEnergyModel(hardware)) return 0;
  const format = widerFormat(valueFormat(formats.weights), formats.activations);
  const alone = energyOf(energyModel(hardware, format), { seconds, bytes: 0, flops: 0 }, devices);
  return (servers - simulations.length) * alone;
}
