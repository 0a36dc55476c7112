import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requireInteger,
  requirePositive,
  type Seconds,
} from "../../units/mod.ts";
import { switchTime } from "./model_switch.ts";

/** A machine that answers each request with one of many models. */
export interface Composition {
  readonly models: number;
  /** Of one model. */
  readonly bytes: Bytes;
  /** Fast memory for models. */
  readonly fast: Bytes;
  /** From the memory where all lie to the fast one. */
  readonly bandwidth: BytesPerSecond;
  /** To answer one request, once its model is there. */
  readonly run: Seconds;
}

/** What a request takes on average. */
export interface CompositionTime {
  /** The share of requests whose model must be brought. */
  readonly missRate: number;
  readonly switching: Seconds;
  readonly seconds: Seconds;
  /** The share of the time that is spent switching. */
  readonly switchingShare: number;
}

/**
 * How long does a request take that any of many models may answer (a composition of experts)? With the chance that its model
 * is not in fast memory it is brought there, and then it runs.
 *
 * When all models are asked for alike, whatever is kept is hit with the chance kept / all, and no rule does better. Requests
 * that favor some models miss less: pass the miss rate that was measured.
 *
 * Source: Prabhakar et al., "SambaNova SN40L: Scaling the AI Memory Wall with Dataflow and Composition of Experts"
 * (arXiv 2405.07518, 2024).
 *
 * @param missRate Default: that of requests which ask for all models alike.
 * @throws {RangeError} when a value is out of range.
 * @example Of 150 models 45 lie in 640 GB: most requests switch, and wait for the link
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { compositionTime } from "@fewer-bytes/memory";
 *
 * const setup = { models: 150, bytes: 14e9, fast: 640e9, bandwidth: 64e9, run: 0.1 };
 * const { missRate, seconds } = compositionTime(setup);
 * assertAlmostEquals(missRate, 0.7, 1e-9);
 * assertAlmostEquals(seconds, 0.1 + 0.7 * 14 / 64, 1e-9);
 * ```
 */
export function compositionTime(setup: Composition, missRate?: number): CompositionTime {
  const { models, bytes, fast, bandwidth, run } = setup;
  requireInteger(models, 1, "time a composition", "models");
  requirePositive(bytes, "time a composition", "the bytes of a model");
  requireAtLeast(fast, bytes, "time a composition", "the fast memory");
  requireAtLeast(run, 0, "time a composition", "run");
  const misses = missRate ?? 1 - Math.min(1, Math.floor(fast / bytes) / models);
  if (!(misses >= 0 && misses <= 1)) {
    throw new RangeError(
      `Cannot time a composition as the miss rate must be from 0 to 1: current value is ${misses}`,
    );
  }
  const switching = misses * switchTime(bytes, bandwidth);
  const seconds = run + switching;
  return { missRate: misses, switching, seconds, switchingShare: switching / seconds };
}

/**
 * How long does a request run, if one machine is so many times as fast as another that only switches more slowly? Solved from
 * (run + slow) / (run + fast) = speedup. It turns a published speedup into the condition under which it holds.
 *
 * @param slow Seconds of switching, for each request, on the slower machine.
 * @param fast On the faster one.
 * @throws {RangeError} when no run gives such a speedup: it must lie above 1, and at most at slow / fast.
 * @example SN40L is said to be 3.7 times as fast as a DGX H100, and 6.6 times as a DGX A100: one run of 60 ms explains both
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { runForSpeedup, switchTime } from "@fewer-bytes/memory";
 *
 * const [sn40l, h100, a100] = [1e12, 64e9, 32e9].map((bandwidth) => switchTime(13.5e9, bandwidth));
 * const run = runForSpeedup(3.7, h100!, sn40l!);
 * assertAlmostEquals(run, 0.060, 0.001);
 * assertAlmostEquals((run + a100!) / (run + sn40l!), 6.6, 0.1);
 * ```
 */
export function runForSpeedup(speedup: number, slow: Seconds, fast: Seconds): Seconds {
  requirePositive(fast, "find a run", "the switching of the faster machine");
  requireAtLeast(slow, fast, "find a run", "the switching of the slower machine");
  if (!(speedup > 1 && speedup <= slow / fast)) {
    throw new RangeError(
      `Cannot find a run as the speedup must be above 1 and at most ${
        slow / fast
      }: current value is ${speedup}`,
    );
  }
  return (slow - speedup * fast) / (speedup - 1);
}
