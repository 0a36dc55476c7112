import { type Stage, steadyRound } from "../../memory/mod.ts";
import { type Seconds } from "../../units/mod.ts";

/** Which weights stay in memory: those of the first layers, or the same share of each. */
export type Locking = "first layers" | "balanced";

/** A token whose layers are loaded in turn. */
export interface LockedToken {
  readonly seconds: Seconds;
  /** How long nothing is computed. */
  readonly exposed: Seconds;
  /** What is loaded for each layer. */
  readonly loads: readonly Seconds[];
}

/**
 * Which weights should stay, when memory holds a share of a model and the rest comes from storage ahead of its use? Not those
 * of the first layers. While locked layers compute, loading runs ahead only as far as buffers go, and then the storage
 * stands still; later layers wait for it. With the same share of every layer storage is always busy: FlexInfer's balanced
 * locking. A token then takes max(loading, computing), and no choice is better.
 *
 * @param stages What loading all of each layer would take, and what computing it does.
 * @param share Of all weights, that stays, from 0 to 1.
 * @param buffers Layers in memory beside those that stay, the one in work included. With 1 nothing is loaded ahead. Default 2.
 * @throws {RangeError} when the share is not from 0 to 1, or a time is negative.
 * @example Eight layers, half of them locked, each loaded in twice the time that it computes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { lockLayers } from "@fewer-bytes/offload";
 *
 * const stages = Array.from({ length: 8 }, () => ({ load: 2, compute: 1 }));
 * assertEquals(lockLayers(stages, 0.5, "balanced").seconds, 8); // hidden
 * assertEquals(lockLayers(stages, 0.5, "first layers").seconds, 12);
 * assertEquals(lockLayers(stages, 0.5, "balanced", 1).seconds, 16); // on demand, as a mapped file is read
 * ```
 */
export function lockLayers(
  stages: readonly Stage[],
  share: number,
  locking: Locking,
  buffers = 2,
): LockedToken {
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(
      `Cannot lock layers as the share that stays must be from 0 to 1: current value is ${share}`,
    );
  }
  const all = stages.reduce((sum, { load }) => sum + load, 0);
  let budget = share * all;
  const left = stages.map(({ load, compute }): Stage => {
    if (locking === "balanced") return { load: (1 - share) * load, compute };
    const locked = Math.min(load, budget);
    budget -= locked;
    return { load: load - locked, compute };
  });
  const seconds = steadyRound(left, buffers);
  const computing = stages.reduce((sum, { compute }) => sum + compute, 0);
  return { seconds, exposed: seconds - computing, loads: left.map(({ load }) => load) };
}
