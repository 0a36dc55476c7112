import type { Hardware, PimDevice } from "../../catalog/mod.ts";
import { type Efficiency, ideal, operatorTime } from "../../roofline/mod.ts";
import type { Operator } from "../../transformer/mod.ts";
import type { Seconds } from "../../units/mod.ts";
import { type PimLayout, pimTime } from "../device/pim_time.ts";
import { splitWork } from "./split_work.ts";

/** A processor, and memory that computes. */
export interface PimPair {
  readonly processor: Hardware;
  readonly device: PimDevice;
}

/** How operators are assigned. */
export interface AssignmentOptions {
  /** The share of each peak that the processor reaches. Default: all of it. */
  readonly efficiency?: Efficiency;
  /** How operators are laid into the memory. */
  readonly layout?: PimLayout;
  /** Whether one operator may be cut between both. Default: it may not. */
  readonly together?: boolean;
}

/** Where an operator is done. */
export interface AssignedOperator {
  readonly operator: Operator;
  readonly place: "processor" | "memory" | "both";
  /** The share of its work that is done in memory. */
  readonly share: number;
  readonly seconds: Seconds;
  /** What it would take on the processor alone, and in memory alone with all transfers. */
  readonly processor: Seconds;
  readonly memory: Seconds;
}

/** A step whose operators have their places. */
export interface Assignment {
  readonly seconds: Seconds;
  /** What the step would take on the processor alone. */
  readonly processorSeconds: Seconds;
  readonly operators: readonly AssignedOperator[];
}

/**
 * Which operators go into memory, and what is gained? Each goes where it is faster, its transfers included; they follow
 * one another, as each needs the result of the one before.
 *
 * Cut between both (`together`), an operator takes less than on either; this needs banks that serve the processor while
 * they compute, or a memory of its own. What could not be cut is decided as before.
 *
 * Capacity is not checked, and weights are taken to lie where they are needed: an operator that is done on one side for
 * a prompt and on the other for an answer has its weights twice, or banks that serve both.
 *
 * @throws {RangeError} when work is to be done together in banks that are blocked meanwhile, or a device lacks units for
 * a format.
 * @example Attention of many heads goes into memory, the batched products stay
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware, findModel, findPim } from "@fewer-bytes/catalog";
 * import { operators } from "@fewer-bytes/transformer";
 * import { assignOperators } from "@fewer-bytes/pim";
 *
 * const step = { phase: "decode", batch: 32, newTokens: 1, context: 2048 } as const;
 * const pair = { processor: findHardware("nvidia-h100-sxm"), device: findPim("attacc-bank") };
 * const assigned = assignOperators(operators(findModel("llama-2-7b"), step), pair).operators;
 * assertEquals(assigned.filter(({ place }) => place === "memory").map(({ operator }) => operator.name), ["attention"]);
 * ```
 */
export function assignOperators(
  operators: readonly Operator[],
  { processor, device }: PimPair,
  { efficiency = ideal, layout, together = false }: AssignmentOptions = {},
): Assignment {
  if (together && device.pim.hostAccess === "blocked") {
    throw new RangeError(
      `Cannot work together as the banks of ${device.id} must serve the host while they compute: current host access is "blocked"`,
    );
  }
  const assigned = operators.map((operator): AssignedOperator => {
    const alone = operatorTime(operator, processor, efficiency).seconds;
    const inside = pimTime(operator, device, layout);
    const times = { operator, processor: alone, memory: inside.seconds };
    if (together) {
      const fixed = inside.command;
      const { share, seconds } = splitWork(alone, inside.seconds - fixed, fixed);
      return { ...times, place: placeOf(share), share, seconds };
    }
    const better = inside.seconds < alone;
    return {
      ...times,
      place: better ? "memory" : "processor",
      share: better ? 1 : 0,
      seconds: better ? inside.seconds : alone,
    };
  });
  const sum = (key: "seconds" | "processor") =>
    assigned.reduce((total, row) => total + row[key], 0);
  return { seconds: sum("seconds"), processorSeconds: sum("processor"), operators: assigned };
}

function placeOf(share: number): AssignedOperator["place"] {
  return share === 0 ? "processor" : share === 1 ? "memory" : "both";
}
