import type { Objective, RateSearch, Requests } from "../../serving/mod.ts";
import { StepCost } from "../../serving/mod.ts";
import { type Deployment, weightBytes } from "../../roofline/mod.ts";
import { requirePositive } from "../../units/mod.ts";
import { decodeGoodput, prefillGoodput } from "./phase_goodput.ts";

/** A server that could be bought. */
export interface Candidate {
  readonly name: string;
  readonly deployment: Deployment | StepCost;
  /** What it costs, in any unit. Default: its devices. */
  readonly price?: number;
}

/** A candidate in one phase. */
export interface Placed {
  readonly candidate: Candidate;
  readonly price: number;
  /** Requests a second that one such server can promise for. */
  readonly rate: number;
  readonly ratePerPrice: number;
  /** Servers for the rate that is asked for. */
  readonly servers: number;
}

/** Who reads and who writes. */
export interface Placement {
  readonly prefill: Placed;
  readonly decode: Placed;
  /** What all servers cost together. */
  readonly price: number;
  /** Requests a second for one unit of price, if servers could be cut: 1 / (1/prefill + 1/decode). */
  readonly ratePerPrice: number;
  /** All candidates in both phases, in their order. */
  readonly candidates: readonly { readonly prefill: Placed; readonly decode: Placed }[];
}

/** What is looked for. */
export interface PlacementSearch {
  readonly candidates: readonly Candidate[];
  /** Traffic at a rate; the same lengths at each, and as long at each: see `trafficLasting`. */
  readonly requestsAt: (rate: number) => Requests;
  readonly objective: Required<Objective>;
  /** Requests a second that must be served. */
  readonly rate: number;
  readonly search?: Partial<Pick<RateSearch, "attainment" | "from" | "tolerance">>;
}

/**
 * Which servers should read prompts, which should write answers, and how many of each? As in DistServe, for clusters
 * whose links are fast enough not to matter: each phase is measured by itself on each kind of server, the one with the
 * most goodput for its price is taken, and as many of it as the rate asks for.
 *
 * The phases can be searched apart, since the price of a request is a sum, 1/prefill + 1/decode. The candidates may be
 * groups of one device (how many should split the layers?) or of several kinds: then the pools are heterogeneous, and
 * arithmetic is bought for one and bandwidth for the other.
 *
 * Each half of the objective is kept by the share asked for; of both together somewhat fewer requests get all.
 *
 * Source: Zhong et al., "DistServe" (OSDI 2024), Algorithm 1. Pipeline parallelism is not searched.
 *
 * @throws {RangeError} when there is no candidate, or none meets a half of the objective.
 * @example Who promises a first token soon must let two devices read a prompt together; who has time lets each read its own
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { searchPlacement, trafficLasting } from "@fewer-bytes/disaggregation";
 * import { fixedLengths } from "@fewer-bytes/serving";
 *
 * const hardware = findHardware("nvidia-a100-sxm-80gb");
 * const placed = (timeToFirstToken: number) =>
 *   searchPlacement({
 *     candidates: [1, 2].map((devices) => ({
 *       name: `groups of ${devices}`,
 *       deployment: { model: findModel("opt-13b"), hardware, devices },
 *     })),
 *     requestsAt: trafficLasting(20, { prompt: fixedLengths(512), output: fixedLengths(64) }),
 *     objective: { timeToFirstToken, timePerOutputToken: 0.03 },
 *     rate: 40,
 *     search: { from: 8, tolerance: 0.1 },
 *   });
 * const [soon, later] = [placed(0.06), placed(0.5)];
 * assertEquals(soon.prefill.candidate.name, "groups of 2");
 * assertEquals(later.prefill.candidate.name, "groups of 1");
 * assertEquals(soon.decode, later.decode); // the other phase does not notice
 * assert(soon.price > 1.5 * later.price); // devices for 40 requests a second
 * assert(later.prefill.servers * later.prefill.rate >= 40);
 * ```
 */
export function searchPlacement(setup: PlacementSearch): Placement {
  const { candidates, requestsAt, objective, rate, search = {} } = setup;
  requirePositive(rate, "place servers", "the rate");
  if (candidates.length === 0) {
    throw new RangeError(
      "Cannot place servers as candidates must not be empty: current value is []",
    );
  }
  const all = candidates.map((candidate) => {
    const full = candidate.deployment;
    const known = full instanceof StepCost ? full.deployment : full;
    const cost = full instanceof StepCost ? full : holds(full) ? new StepCost(full) : undefined;
    const price = candidate.price ?? known.devices ?? 1;
    requirePositive(price, "place servers", `the price of ${candidate.name}`);
    const place = (measure: typeof prefillGoodput, promise: number): Placed => {
      const own = cost ? measure(cost, { requestsAt, promise, search }) : 0;
      return {
        candidate,
        price,
        rate: own,
        ratePerPrice: own / price,
        servers: Math.ceil(rate / own),
      };
    };
    return {
      prefill: place(prefillGoodput, objective.timeToFirstToken),
      decode: place(decodeGoodput, objective.timePerOutputToken),
    };
  });
  const prefill = best(all.map((one) => one.prefill), "the time to the first token");
  const decode = best(all.map((one) => one.decode), "the time per output token");
  return {
    prefill,
    decode,
    price: prefill.servers * prefill.price + decode.servers * decode.price,
    ratePerPrice: 1 / (1 / prefill.ratePerPrice + 1 / decode.ratePerPrice),
    candidates: all,
  };
}

/** Whether the weights leave anything of the memory. */
function holds({ model, hardware, devices = 1, formats, memoryShare = 0.9 }: Deployment): boolean {
  return weightBytes(model, formats, devices) < memoryShare * hardware.memory[0].capacity;
}

function best(placed: readonly Placed[], promise: string): Placed {
  const most = placed.reduce((one, other) => other.ratePerPrice > one.ratePerPrice ? other : one);
  if (most.rate > 0) return most;
  throw new RangeError(
    `Cannot place servers as a candidate must keep ${promise} for a lone request: none of ${
      placed.map(({ candidate }) => candidate.name).join(", ")
    } does`,
  );
}
