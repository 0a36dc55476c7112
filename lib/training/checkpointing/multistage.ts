import {
  type Bytes,
  type BytesPerSecond,
  requireInteger,
  requirePositive,
  type Seconds,
} from "../../units/mod.ts";
import { binomialForwards } from "./binomial.ts";

/** What two levels of memory make of a long chain. */
export interface Multistage {
  /** Every so many steps a state goes to the slow memory. */
  readonly interval: number;
  /** Of the slow memory. */
  readonly bytes: Bytes;
  /** Forward steps, over those without any limit of memory. */
  readonly forwardFactor: number;
  /** The same if there were only the fast memory. */
  readonly forwardFactorWithout: number;
}

/**
 * Can a chain of any length be reversed at a constant overhead? With a second, slower memory: a state is written to it
 * every I steps while the computation goes on. When I steps take as long as the transfer, nothing waits; each interval is
 * reversed by itself in fast memory, and what is computed again depends on I and not on the length.
 *
 * Source: Kukreja et al., "Backpropagation for long sequences: beyond memory constraints with constant overheads" (2018).
 *
 * @param setup `states`: that fast memory holds, the first of an interval included. `bandwidth`: to slow memory.
 * @throws {RangeError} when a value is out of range.
 * @example A hundred times as many steps, and not a percent more for each
 * ```ts
 * import { assert } from "@std/assert";
 * import { multistage } from "@fewer-bytes/training";
 *
 * const setup = { stepSeconds: 1e-3, stateBytes: 1e8, bandwidth: 5e9, states: 5 };
 * const [short, long] = [1000, 100_000].map((steps) => multistage({ ...setup, steps }));
 * assert(long!.forwardFactor / short!.forwardFactor < 1.01);
 * assert(long!.forwardFactorWithout > 4 * long!.forwardFactor);
 * ```
 */
export function multistage(setup: {
  readonly steps: number;
  readonly stepSeconds: Seconds;
  readonly stateBytes: Bytes;
  readonly bandwidth: BytesPerSecond;
  readonly states: number;
}): Multistage {
  const { steps, stepSeconds, stateBytes, bandwidth, states } = setup;
  requireInteger(steps, 1, "reverse a long chain", "the steps");
  requireInteger(states, 1, "reverse a long chain", "the states");
  requirePositive(stepSeconds, "reverse a long chain", "the seconds of a step");
  requirePositive(stateBytes, "reverse a long chain", "the bytes of a state");
  requirePositive(bandwidth, "reverse a long chain", "the bandwidth");
  const hidden = Math.max(1, Math.ceil(stateBytes / (bandwidth * stepSeconds) * (1 - 1e-12)));
  const interval = Math.min(steps, hidden);
  const whole = Math.floor(steps / interval), rest = steps % interval;
  // The first pass writes states; then each interval is reversed, the computation before each reversal included.
  const reversed = (length: number) => length === 0 ? 0 : length + binomialForwards(length, states);
  const forwards = steps + whole * reversed(interval) + reversed(rest);
  return {
    interval,
    bytes: Math.ceil(steps / interval) * stateBytes,
    forwardFactor: forwards / steps,
    forwardFactorWithout: (steps + binomialForwards(steps, states)) / steps,
  };
}
