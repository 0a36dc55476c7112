import { findHardware, findModel } from "../../catalog/mod.ts";
import {
  chunkedPrefill,
  logNormalLengths,
  type Objective,
  pagedBatching,
  type Policy,
  type RateSearch,
  StepCost,
} from "../../serving/mod.ts";
import { weightBytes } from "../../roofline/mod.ts";
import { requirePositive, type Seconds } from "../../units/mod.ts";
import type { Goodput } from "../pools/compare_goodput.ts";
import { simulatePools } from "../pools/simulate_pools.ts";
import { simulateReplicas } from "../pools/simulate_replicas.ts";
import { findLink } from "../transfer/links.ts";
import type { TransferPath } from "../transfer/transfer_time.ts";
import { trafficLasting } from "./lasting_traffic.ts";
import { MeasuredCost } from "./measured_cost.ts";
import { decodeGoodput, prefillGoodput } from "./phase_goodput.ts";
import { rateOrZero } from "./rate_or_zero.ts";
import { type MeasuredEngine, stepProfile } from "./step_profiles.ts";
import type { StudyCase } from "./study_cases.ts";

/** How long a step takes: at the bound, or as measured of an engine. */
export type StudyEngine = "roofline" | MeasuredEngine;

/** The conditions of one measurement. */
export interface StudySetup {
  readonly study: StudyCase;
  readonly engine: StudyEngine;
  /** Both promises times this. Default 1. */
  readonly scale?: number;
  /** How long requests keep coming. Default 120 s. */
  readonly seconds?: Seconds;
  /** How exact rates are, relative. Default 0.05. */
  readonly tolerance?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** The best of several ways to use devices. */
export interface BestGoodput extends Goodput {
  /** Such as "2 x 4" for two servers of four devices each; "none" when no way keeps the promise. */
  readonly placement: string;
}

/** How colocated servers schedule. */
export const studyPolicies = {
  /** vLLM's first scheduler as it was started for the comparison. */
  "whole prompts": () => pagedBatching({ batch: 1024, promptTokens: 16_384 }),
  /** Sarathi-Serve's, which stands for DeepSpeed-MII. */
  "chunks of 512": () => chunkedPrefill({ batch: 1024, budget: 512 }),
} as const satisfies Record<string, () => Policy>;

const device = "nvidia-a100-sxm-80gb";
const none: BestGoodput = { rate: 0, devices: 1, perDevice: 0, placement: "none" };

/**
 * What one colocated server can promise for, for each device; the best of several sizes.
 *
 * One server stands for any number: a router in front of several makes each of them a little better.
 *
 * @param sizes Devices of the server. Default: as in the paper.
 * @throws {RangeError} when an engine was not measured for a size.
 * @example The engine alone is worth a factor
 * ```ts
 * import { assert } from "@std/assert";
 * import { studyCases, wholeGoodput } from "@fewer-bytes/disaggregation";
 *
 * const study = studyCases["summaries 66B"];
 * const [vllm, own] = (["vllm", "distserve"] as const).map((engine) =>
 *   wholeGoodput({ study, engine, seconds: 60, tolerance: 0.1 }, "whole prompts").perDevice
 * );
 * assert(own! > 1.3 * vllm!);
 * ```
 */
export function wholeGoodput(
  setup: StudySetup,
  policy: keyof typeof studyPolicies,
  sizes: readonly number[] = [setup.study.whole],
): BestGoodput {
  return best(sizes.map((devices) => {
    const deployment = costOf(setup, devices);
    const rate = rateOrZero({
      ...searchOf(setup, devices),
      simulateAt: (rate) =>
        simulateReplicas({
          deployment,
          servers: 1,
          policy: studyPolicies[policy],
          requests: trafficOf(setup)(rate),
        }),
    });
    return { rate, devices, perDevice: rate / devices, placement: `1 x ${devices}` };
  }));
}

/** A way to split devices. */
export interface Pools {
  /** Servers of a pool, and devices of each. */
  readonly prefill: { readonly servers: number; readonly devices: number };
  readonly decode: { readonly servers: number; readonly devices: number };
}

/** DistServe's own: one server of each kind. */
export function paperPools({ placement: { prefill, decode } }: StudyCase): Pools {
  return { prefill: { servers: 1, devices: prefill }, decode: { servers: 1, devices: decode } };
}

/**
 * What two pools can promise for, for each device; the best of several placements.
 *
 * @param link "NVLink" has one way for each device of a prefill server; any other of {@linkcode findLink} one for the
 * server.
 * @param placements Default: DistServe's own.
 * @throws {RangeError} when an engine was not measured for a size, or the link is not known.
 * @example One server with the same engine does better than the three devices of the paper's placement
 * ```ts
 * import { assert } from "@std/assert";
 * import { splitGoodput, studyCases, wholeGoodput } from "@fewer-bytes/disaggregation";
 *
 * const setup = { study: studyCases["chatbot 13B"], engine: "distserve", seconds: 60, tolerance: 0.1 } as const;
 * assert(splitGoodput(setup, "NVLink").perDevice < wholeGoodput(setup, "whole prompts").perDevice);
 * ```
 */
export function splitGoodput(
  setup: StudySetup,
  link: string,
  placements: readonly Pools[] = [paperPools(setup.study)],
): BestGoodput {
  return best(placements.map((pools) => {
    const { prefill, decode } = pools;
    const path: TransferPath = {
      link: findLink(link, findHardware(device)),
      links: link === "NVLink" ? prefill.devices : 1,
    };
    const devices = devicesOf(pools);
    const [reader, writer] = [prefill, decode].map((pool) => ({
      deployment: costOf(setup, pool.devices),
      servers: pool.servers,
    })) as [Compiled, Compiled];
    const rate = rateOrZero({
      ...searchOf(setup, devices),
      simulateAt: (rate) =>
        simulatePools({ prefill: reader, decode: writer, path, requests: trafficOf(setup)(rate) }),
    });
    return {
      rate,
      devices,
      perDevice: rate / devices,
      placement: `${prefill.servers} x ${prefill.devices} prefill, ` +
        `${decode.servers} x ${decode.devices} decode`,
    };
  }));
}

/**
 * Placements worth a simulation: of all with at most so many devices, those whose phases, each measured by itself and
 * without a link, promise most. That is DistServe's search; what it leaves out is the transfer, and that one request must keep
 * both promises.
 *
 * @param sizes Devices of a server. Default: those that hold the model and were measured, up to 8.
 * @param count How many. Default 4.
 */
export function likelyPools(
  setup: StudySetup,
  most = 8,
  count = 4,
  sizes: readonly number[] = sizesOf(setup),
): Pools[] {
  const { objective } = searchOf(setup, 1);
  const phases = sizes.map((devices) => {
    const cost = costOf(setup, devices);
    const search = { requestsAt: trafficOf(setup), search: searchOf(setup, devices) };
    return {
      devices,
      prefill: prefillGoodput(cost, { ...search, promise: objective.timeToFirstToken }),
      decode: decodeGoodput(cost, { ...search, promise: objective.timePerOutputToken! }),
    };
  });
  const all = phases.flatMap((reader) =>
    phases.flatMap((writer) =>
      ratios.map(([readers, writers]) => ({
        pools: {
          prefill: { servers: readers, devices: reader.devices },
          decode: { servers: writers, devices: writer.devices },
        },
        rate: Math.min(readers * reader.prefill, writers * writer.decode),
      }))
    )
  ).filter(({ pools, rate }) => devicesOf(pools) <= most && rate > 0);
  return all
    .sort((one, other) => other.rate / devicesOf(other.pools) - one.rate / devicesOf(one.pools))
    .slice(0, count).map(({ pools }) => pools);
}

/** Servers that read for servers that write. */
const ratios = [[1, 1], [2, 1], [3, 1], [1, 2]] as const;

type Compiled = { readonly deployment: StepCost; readonly servers: number };

function best(all: readonly BestGoodput[]): BestGoodput {
  return all.reduce((one, other) => other.perDevice > one.perDevice ? other : one, none);
}

function devicesOf({ prefill, decode }: Pools): number {
  return prefill.servers * prefill.devices + decode.servers * decode.devices;
}

/** Those that hold the model, with the measured ones where an engine was measured. */
export function sizesOf({ study, engine }: Pick<StudySetup, "study" | "engine">): number[] {
  return [1, 2, 4, 8].filter((devices) => {
    if (engine !== "roofline") return stepProfile(engine, study.model, devices) !== undefined;
    const room = 0.9 * findHardware(device).memory[0].capacity;
    return weightBytes(findModel(study.model), undefined, devices) < room;
  });
}

function costOf({ study, engine }: StudySetup, devices: number): StepCost {
  const model = findModel(study.model);
  const deployment = { model, hardware: findHardware(device), devices, memoryShare: 0.95 };
  if (engine === "roofline") return new StepCost(deployment);
  const profile = stepProfile(engine, study.model, devices);
  if (profile) return new MeasuredCost(deployment, profile);
  throw new RangeError(
    `Cannot study ${study.model} on ${devices} devices with the engine ${engine} as its steps must have been measured: ` +
      `they were on ${sizesOf({ study, engine }).join(", ")}`,
  );
}

function trafficOf({ study, seconds = 120, seed = 1 }: StudySetup) {
  return trafficLasting(seconds, {
    prompt: logNormalLengths(study.prompt),
    output: logNormalLengths(study.output),
    seed,
  });
}

function searchOf(
  { study, scale = 1, tolerance = 0.05 }: StudySetup,
  devices: number,
): Pick<RateSearch, "from" | "tolerance"> & { readonly objective: Objective } {
  requirePositive(scale, "study goodput", "the scale of the objective");
  const { timeToFirstToken, timePerOutputToken } = study.objective;
  return {
    from: devices,
    tolerance,
    objective: {
      timeToFirstToken: scale * timeToFirstToken,
      timePerOutputToken: scale * timePerOutputToken,
    },
  };
}
