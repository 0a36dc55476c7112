import type { Bytes, Flop, Joules, Seconds, Tokens, TokensPerSecond } from "../../units/mod.ts";
import { valueFormat, widerFormat } from "../../catalog/mod.ts";
import type { Sample } from "../engine/recorder.ts";
import type { Simulation } from "../engine/simulation.ts";
import { arrivalRate } from "../workload/requests.ts";
import { type Distribution, distribution, streamDistribution } from "./distribution.ts";
import { energyModel, energyOf, hasEnergyModel } from "./energy.ts";

/** What came of a simulation. Times are in seconds. */
export interface ServingResult {
  readonly policy: string;
  /** From arrival to the first token, and to the last. */
  readonly timeToFirstToken: Distribution;
  readonly latency: Distribution;
  /** Between two tokens of one request: each gap by itself (percentiles within 0.5 %), and the mean of each request. */
  readonly timeBetweenTokens: Distribution;
  readonly timePerOutputToken: Distribution;
  /** From the first arrival to the end. */
  readonly duration: Seconds;
  readonly requestsPerSecond: number;
  readonly tokensPerSecond: TokensPerSecond;
  /** The share of time in which something was computed. */
  readonly utilization: number;
  /** Places of the batch that gave a token, of all that were computed. */
  readonly placeUtilization: number;
  /** Requests that decode in a step, averaged over busy time; requests in the system, averaged over all time. */
  readonly meanBatch: number;
  readonly meanPresent: number;
  /** The share of the cache memory that was taken, on average and at most. */
  readonly memory: { readonly mean: number; readonly peak: number };
  readonly steps: number;
  readonly outputTokens: Tokens;
  /** Tokens of prompts that were computed; more than there are when caches were computed again, less when shared. */
  readonly promptTokens: Tokens;
  /** Tokens of prompts that were found in shared beginnings, of those looked for. */
  readonly prefix: { readonly asked: Tokens; readonly reused: Tokens };
  readonly preemptions: number;
  readonly swaps: { readonly count: number; readonly tokens: Tokens };
  /** What one device moved and computed; experts are part of weights in a table, and apart here. */
  readonly traffic: {
    readonly total: Bytes;
    readonly weights: Bytes;
    readonly experts: Bytes;
    readonly cache: Bytes;
    readonly activations: Bytes;
  };
  readonly flops: Flop;
  /** Of all devices, by {@linkcode energyModel}; NaN where the vendor publishes no power that it fits. */
  readonly energy: Joules;
  /** At most 1,024 looks at the server. */
  readonly timeline: readonly Sample[];
  /** What a reader should know before believing the numbers; empty when all is well. */
  readonly warnings: readonly string[];
  /** Request by request: first token and end, beside the requests themselves. */
  readonly columns: Columns;
}

/** When each request arrived, got its first token and its last, and how many it got. */
export interface Columns {
  readonly arrival: Float64Array;
  readonly first: Float64Array;
  readonly finished: Float64Array;
  readonly outputTokens: Int32Array;
}

/** Sums up a simulation that is complete. */
export function resultOf(simulation: Simulation): ServingResult {
  const { recorder, server, policy } = simulation;
  const { requests, memory } = server;
  const { first, finished } = recorder;
  const { arrival, outputTokens } = requests;
  const count = arrival.length;
  const since = (later: Float64Array) =>
    Float64Array.from(later, (time, at) => time - arrival[at]!);
  const perToken = Float64Array.from(
    finished,
    (time, at) => outputTokens[at]! > 1 ? (time - first[at]!) / (outputTokens[at]! - 1) : NaN,
  ).filter((value) => !Number.isNaN(value));
  const duration = server.now - arrival[0]!;
  const { weights, experts, cache, bytes: total, flops } = recorder;
  return {
    policy: policy.name,
    timeToFirstToken: distribution(since(first)),
    latency: distribution(since(finished)),
    timeBetweenTokens: streamDistribution(recorder.gaps),
    timePerOutputToken: distribution(perToken),
    duration,
    requestsPerSecond: count / duration,
    tokensPerSecond: recorder.outputTokens / duration,
    utilization: recorder.busy / duration,
    placeUtilization: recorder.outputTokens / recorder.places,
    meanBatch: recorder.batchSeconds / recorder.busy,
    meanPresent: recorder.presence / duration,
    memory: {
      mean: recorder.blockSeconds / duration / memory.total,
      peak: recorder.peakBlocks / memory.total,
    },
    steps: recorder.steps,
    outputTokens: recorder.outputTokens,
    promptTokens: recorder.promptTokens,
    prefix: { asked: server.prefixes?.asked ?? 0, reused: server.prefixes?.reused ?? 0 },
    preemptions: server.preemptions,
    swaps: { count: server.swaps, tokens: server.swappedTokens },
    traffic: {
      total,
      weights,
      experts,
      cache,
      activations: total - weights - experts - cache,
    },
    flops,
    energy: energy(simulation, duration),
    timeline: recorder.samples,
    warnings: warningsOf(simulation),
    columns: { arrival, first, finished, outputTokens },
  };
}

function energy({ recorder, cost: { deployment } }: Simulation, seconds: Seconds): Joules {
  const { hardware, formats, devices } = deployment;
  if (!hasEnergyModel(hardware)) return NaN;
  const format = widerFormat(valueFormat(formats.weights), formats.activations);
  const { bytes, flops } = recorder;
  return energyOf(energyModel(hardware, format), { seconds, bytes, flops }, devices);
}

/** A queue that grows from beginning to end has no steady state: its averages only tell how long the simulation was. */
function warningsOf({ recorder, server, backlog }: Simulation): string[] {
  const { arrival } = server.requests;
  const { first } = recorder;
  const count = arrival.length;
  const half = count >> 1;
  const waits = [0, 0];
  for (let at = 0; at < count; at++) waits[at < half ? 0 : 1]! += first[at]! - arrival[at]!;
  const [before, after] = [waits[0]! / half, waits[1]! / (count - half)];
  const rate = arrivalRate(server.requests);
  const served = count / (server.now - arrival[0]!);
  const crowded = backlog > Math.max(20, 0.03 * count) && served < 0.97 * rate;
  return count >= 100 && rate < Infinity && crowded
    ? [
      `The load is not stable: ${rate.toPrecision(3)} requests arrive in a second and ${
        served.toPrecision(3)
      } are served, ${backlog} were in the system when the last one arrived, and the mean time to the first token grew ` +
      `from ${before.toPrecision(3)} s in the first half to ${
        after.toPrecision(3)
      } s in the second. ` +
      `Averages depend on how long this goes on`,
    ]
    : [];
}
