import { summarize } from "../../numeric/mod.ts";
import { type BytesPerSecond, requirePositive, type Seconds } from "../../units/mod.ts";
import type { TimedRead } from "./fit_reads.ts";
import type { PlannedRead, ReadPattern } from "./plan_reads.ts";

/** What reads of one size and pattern took: a point of a figure, and of a fit. */
export interface ReadPoint extends TimedRead {
  readonly pattern: ReadPattern;
  /** How many were timed. */
  readonly reads: number;
  /** The median. */
  readonly seconds: Seconds;
  /** At the median. */
  readonly throughput: BytesPerSecond;
  /** Half of the reads took a time between these two. */
  readonly quartiles: readonly [Seconds, Seconds];
}

/**
 * What do timings say? For each size and pattern the median, which a few interrupted reads do not move. What it says of a
 * learner's disk differs from machine to machine and from run to run: such output is volatile.
 *
 * @param plan The reads that were done, as {@linkcode planReads} gave them.
 * @param seconds How long each of them took, in the same order.
 * @returns Points in the order of the plan.
 * @throws {RangeError} when there are not as many timings as reads, or a timing is not above zero.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readPoints } from "@fewer-bytes/offload";
 *
 * const plan = [0, 8192, 4096].map((offset) => ({ pattern: "random", bytes: 4096, offset }) as const);
 * const [point] = readPoints(plan, [1e-4, 9e-4, 2e-4]);
 * assertEquals([point!.seconds, point!.throughput, point!.reads], [2e-4, 20.48e6, 3]);
 * ```
 */
export function readPoints(
  plan: readonly PlannedRead[],
  seconds: readonly Seconds[],
): ReadPoint[] {
  if (seconds.length !== plan.length) {
    throw new RangeError(
      `Cannot read timings as there must be one for each of ${plan.length} reads: current value is ${seconds.length}`,
    );
  }
  const groups = new Map<string, { read: PlannedRead; times: Seconds[] }>();
  plan.forEach((read, index) => {
    const time = requirePositive(seconds[index]!, "read timings", "a timing");
    const key = `${read.pattern} ${read.bytes}`;
    const group = groups.get(key);
    if (group) group.times.push(time);
    else groups.set(key, { read, times: [time] });
  });
  return [...groups.values()].map(({ read: { pattern, bytes }, times }) => {
    const { median, count } = summarize(times);
    const sorted = times.toSorted((a, b) => a - b);
    return {
      pattern,
      bytes,
      reads: count,
      seconds: median,
      throughput: bytes / median,
      quartiles: [
        sorted[Math.floor((count - 1) / 4)]!,
        sorted[Math.ceil(3 * (count - 1) / 4)]!,
      ],
    };
  });
}
