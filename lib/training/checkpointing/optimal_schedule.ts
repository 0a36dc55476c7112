import { type Bytes, requireInteger, type Seconds } from "../../units/mod.ts";
import type { Operation, Stage } from "./chain.ts";
import { solveChain } from "./chain_table.ts";
import { replay } from "./replay.ts";

/** The fastest schedule that a memory allows. */
export interface OptimalSchedule {
  readonly seconds: Seconds;
  readonly operations: readonly Operation[];
}

/**
 * Which stages should be kept whole, which by their input, and which computed again? The fastest schedule for a chain with
 * unequal stages, by dynamic programming: to reverse stages i to j with the input of i at hand and m bytes free, either
 * keep the tape of i at once and reverse the rest, or walk to some k, keep its input, reverse from there and come back.
 *
 * It is the best schedule in which what was kept stays until it was used. For stages of one size that is the best of all;
 * where sizes differ much, dropping something early can be faster still, which is Checkmate's problem and takes an
 * integer program.
 *
 * Source: Beaumont et al., "Optimal checkpointing for heterogeneous chains" (2019), theorem 1 (Rotor).
 *
 * @param budget Bytes for inputs and tapes; the first input is there already.
 * @param unit Sizes are rounded up to whole units of so many bytes. Default: a three-hundredth of the budget, or 1 when
 * the budget is a small whole number.
 * @returns The schedule; undefined when the memory is too small for any.
 * @throws {RangeError} when a value is out of range.
 * @example Ten equal layers: the less memory, the longer
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { optimalSchedule, uniformChain } from "@fewer-bytes/training";
 *
 * const seconds = [10, 6, 4, 3, 2, 1].map((budget) => optimalSchedule(uniformChain(10), budget)?.seconds);
 * assertEquals(seconds, [20, 25, 29, 36, 64, undefined]);
 * ```
 */
export function optimalSchedule(
  chain: readonly Stage[],
  budget: Bytes,
  unit: Bytes = Number.isInteger(budget) && budget >= 1 && budget <= 300 ? 1 : budget / 300 || 1,
): OptimalSchedule | undefined {
  const table = solveChain(chain, budget, unit);
  const seconds = table.seconds(table.slots);
  return seconds === Infinity ? undefined : { seconds, operations: table.operations(table.slots) };
}

/** A point of the trade of memory for time. */
export interface FrontierPoint {
  readonly bytes: Bytes;
  readonly seconds: Seconds;
}

/**
 * What does each memory cost? The fastest schedule for every budget up to one, those that are not slower than with less
 * left out: the curve that all ways of recomputation lie on or above.
 *
 * @param budget The largest. Default: that of keeping every tape.
 * @param points In how many units the budget is divided. Default 200. Where an input is much smaller than a unit, rounding
 * raises the low end of the curve: ask for it again with a smaller budget.
 * @returns Points from the least memory that is enough, each faster than the one before.
 * @throws {RangeError} when a value is out of range, or a stage has no tape and the budget is not given.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { memoryFrontier, uniformChain } from "@fewer-bytes/training";
 *
 * const points = memoryFrontier(uniformChain(4), 4, 4);
 * assertEquals(points, [{ bytes: 2, seconds: 13 }, { bytes: 3, seconds: 10 }, { bytes: 4, seconds: 8 }]);
 * ```
 */
export function memoryFrontier(
  chain: readonly Stage[],
  budget: Bytes = chain.reduce((sum, { tape = NaN }) => sum + tape, 0),
  points = 200,
): FrontierPoint[] {
  requireInteger(points, 1, "draw the memory of a chain", "the points");
  // Rounding up takes at most a unit for each stage; what a schedule needs in fact is found by playing it.
  const unit = budget / points || 1;
  const table = solveChain(chain, budget + chain.length * unit, unit);
  const frontier: FrontierPoint[] = [];
  for (let slots = 0; slots <= table.slots; slots++) {
    const seconds = table.seconds(slots);
    if (seconds >= (frontier.at(-1)?.seconds ?? Infinity)) continue;
    const bytes = replay(chain, table.operations(slots)).peak;
    if (bytes > budget) continue;
    while (frontier.length > 0 && frontier.at(-1)!.bytes >= bytes) frontier.pop();
    frontier.push({ bytes, seconds });
  }
  return frontier;
}
