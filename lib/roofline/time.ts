import type { Hardware } from "../catalog/mod.ts";
import { type Operator, traffic } from "../transformer/mod.ts";
import type { Seconds } from "../units/mod.ts";
import { peakRate } from "./peak_rate.ts";

/** What an operator waits for. */
export type Bound = "compute" | "memory" | "link";

/** How much of each peak is reached in practice, from 0 to 1. All 1 gives the bound that nothing can beat. */
export interface Efficiency {
  readonly compute: number;
  readonly memory: number;
  readonly link: number;
}

/** The roofline itself: nothing lost. */
export const ideal: Efficiency = { compute: 1, memory: 1, link: 1 };

/** The time of one operator, and what it is spent on. */
export interface OperatorTime {
  readonly operator: Operator;
  readonly seconds: Seconds;
  readonly bound: Bound;
  /** The time that its arithmetic would take alone. */
  readonly compute: Seconds;
  /** The time that its bytes would take alone. */
  readonly memory: Seconds;
}

/** The time of one step: its operators one after the other. */
export interface StepTime {
  readonly seconds: Seconds;
  /** What most of the time is spent waiting for. */
  readonly bound: Bound;
  /** Seconds spent under each bound. */
  readonly waiting: Readonly<Record<Bound, Seconds>>;
  readonly operators: readonly OperatorTime[];
}

/**
 * How long does an operator take, and what does it wait for?
 *
 * Arithmetic and memory traffic overlap, so the slower one decides: `max(flops / peak, bytes / bandwidth)`. What
 * leaves the device does so after the sum is there, over the fastest link.
 *
 * @throws {RangeError} when the operator has something to transfer and the hardware no link.
 */
export function operatorTime(
  operator: Operator,
  hardware: Hardware,
  efficiency: Efficiency = ideal,
): OperatorTime {
  const compute = operator.flops === 0
    ? 0
    : operator.flops / (peakRate(hardware, operator.precision) * efficiency.compute);
  const memory = traffic(operator) / (hardware.memory[0].bandwidth * efficiency.memory);
  if (operator.transfer > 0) {
    const link = hardware.links[0];
    if (!link) {
      throw new RangeError(
        `Cannot time ${operator.name} as ${hardware.id} has no link to another device`,
      );
    }
    return {
      operator,
      seconds: operator.transfer / (link.bandwidth * efficiency.link),
      bound: "link",
      compute,
      memory,
    };
  }
  return {
    operator,
    seconds: Math.max(compute, memory),
    bound: compute > memory ? "compute" : "memory",
    compute,
    memory,
  };
}

/**
 * How long does a step take? The sum over its operators, each with its own bound: a step that is compute-bound as a
 * whole can still hold operators that wait for memory.
 */
export function stepTime(
  operators: readonly Operator[],
  hardware: Hardware,
  efficiency: Efficiency = ideal,
): StepTime {
  const waiting = { compute: 0, memory: 0, link: 0 };
  const times = operators.map((operator) => {
    const time = operatorTime(operator, hardware, efficiency);
    waiting[time.bound] += time.seconds;
    return time;
  });
  const { compute, memory, link } = waiting;
  const bound = compute >= memory && compute >= link
    ? "compute"
    : memory >= link
    ? "memory"
    : "link";
  return { seconds: compute + memory + link, bound, waiting, operators: times };
}
