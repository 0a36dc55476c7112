import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger, type Seconds } from "../../units/mod.ts";

/** The time of equal stages with two buffers, as it is printed and computed. */
export const doubleBufferFormula = formula(
  "seconds = load + (n - 1) * max(load, compute) + compute",
  {
    seconds: "from the first load to the last result",
    n: "stages",
    load: "seconds to bring the bytes of one stage",
    compute: "seconds to work on them",
  },
);

/** One piece of work that needs bytes from afar: a layer, a tile, an expert. */
export interface Stage {
  readonly load: Seconds;
  readonly compute: Seconds;
}

/** When a stage is loaded and computed. */
export interface StagePlan {
  readonly load: { readonly begin: Seconds; readonly end: Seconds };
  readonly compute: { readonly begin: Seconds; readonly end: Seconds };
}

/** A schedule of stages. */
export interface BufferedSchedule {
  readonly seconds: Seconds;
  /** How long nothing is computed. */
  readonly exposed: Seconds;
  /** Compared with one buffer: load, then compute, then load. */
  readonly speedup: number;
  /** For a timeline. */
  readonly stages: readonly StagePlan[];
}

/**
 * How long do stages take that are loaded into buffers ahead of their computation?
 *
 * Loads follow each other on one link, computations on one device. A stage is computed when it is loaded and the one before
 * it is done; it is loaded when the link is free, and a buffer: that of the stage `buffers` before it. One buffer adds loads
 * and computations up. Two overlap them (double buffering): for n equal stages load + (n − 1) max(load, compute) + compute,
 * at most twice as fast. More than two help only where stages differ.
 *
 * @param buffers Stages that may be held at once, the one in work included.
 * @throws {RangeError} when a time is negative or there is no buffer.
 * @example Ten layers that load as long as they compute
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bufferedSchedule } from "@fewer-bytes/memory";
 *
 * const layers = Array.from({ length: 10 }, () => ({ load: 1, compute: 1 }));
 * assertEquals([1, 2, 3].map((buffers) => bufferedSchedule(layers, buffers).seconds), [20, 11, 11]);
 * ```
 */
export function bufferedSchedule(stages: readonly Stage[], buffers: number): BufferedSchedule {
  requireInteger(buffers, 1, "schedule loads", "buffers");
  const plans: StagePlan[] = [];
  let busy = 0, serial = 0;
  for (const { load, compute } of stages) {
    requireAtLeast(load, 0, "schedule loads", "a load");
    requireAtLeast(compute, 0, "schedule loads", "a computation");
    const linkFree = plans.at(-1)?.load.end ?? 0;
    const bufferFree = plans.at(-buffers)?.compute.end ?? 0;
    const begin = Math.max(linkFree, plans.length < buffers ? 0 : bufferFree);
    const end = begin + load;
    const start = Math.max(end, plans.at(-1)?.compute.end ?? 0);
    plans.push({ load: { begin, end }, compute: { begin: start, end: start + compute } });
    busy += compute;
    serial += load + compute;
  }
  const seconds = plans.at(-1)?.compute.end ?? 0;
  return {
    seconds,
    exposed: seconds - busy,
    speedup: seconds === 0 ? 1 : serial / seconds,
    stages: plans,
  };
}

/**
 * How long does one round take, when rounds follow each other without a gap? In a decode loop the first layers of the next
 * token load while the last ones of this token compute.
 *
 * @returns Seconds between the ends of two rounds, once the schedule has settled; at least the sum of loads, and at least
 *   that of computations.
 * @throws {RangeError} as {@linkcode bufferedSchedule}.
 */
export function steadyRound(stages: readonly Stage[], buffers: number): Seconds {
  if (stages.length === 0) return 0;
  const rounds = 4 + Math.ceil(buffers / stages.length);
  const { stages: plans } = bufferedSchedule(
    Array.from({ length: rounds }, () => stages).flat(),
    buffers,
  );
  return plans.at(-1)!.compute.end - plans.at(-1 - stages.length)!.compute.end;
}

/**
 * How many stages ahead must a load be asked for, so that its bytes are there in time? As many as are computed while one is
 * on its way.
 *
 * @param arrival Seconds from asking to having: latency, and the load itself.
 * @throws {RangeError} when a time is negative, or nothing is computed.
 */
export function prefetchDistance(arrival: Seconds, compute: Seconds): number {
  requireAtLeast(arrival, 0, "find the prefetch distance", "the arrival");
  if (!(compute > 0)) {
    throw new RangeError(
      `Cannot find the prefetch distance as the computation of a stage must be > 0: current value is ${compute}`,
    );
  }
  return Math.ceil(arrival / compute);
}
