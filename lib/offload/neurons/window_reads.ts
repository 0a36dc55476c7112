import { formula } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { type NeuronActivity, wakeChance } from "./neuron_activity.ts";

/** What is read of independent neurons, as it is printed and computed. */
export const windowReadsFormula = formula("loaded = activity * (1 - activity) ^ window", {
  loaded: "share of the neurons that a token reads from flash",
  activity: "share that is active for a token, drawn anew for each",
  window: "tokens before it whose neurons are still in memory",
});

/** Shares of the neurons of a network. */
export interface WindowReads {
  /** Read from flash for a token. */
  readonly loaded: number;
  /** In memory while it is computed. */
  readonly resident: number;
}

/**
 * How much is read for a token, when the neurons of the last tokens are kept? Those that are active now and slept through
 * the whole window. Of independent neurons it is activity × (1 − activity)^window; of neurons that tend to stay awake it is
 * much less from the first token on: (1 − activity) × (1 − wake)^(window − 1) × wake.
 *
 * What is saved shrinks with every further token of the window, and what is held grows: "LLM in a flash" stops at five.
 *
 * Source: Alizadeh et al., "LLM in a flash: Efficient Large Language Model Inference with Limited Memory" (ACL 2024), 3.1.
 *
 * @param window Tokens before the current one, from 0.
 * @throws {RangeError} when a value is out of range.
 * @example A tenth active: independent tokens save 41 % with a window of five, persistent ones 90 %
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { windowReads } from "@fewer-bytes/offload";
 *
 * assertAlmostEquals(windowReads({ activity: 0.1 }, 5).loaded, 0.059, 0.0001);
 * assertAlmostEquals(windowReads({ activity: 0.1, persistence: 0.9 }, 5).loaded, 0.0096, 0.0001);
 * ```
 */
export function windowReads(neurons: NeuronActivity, window: number): WindowReads {
  requireInteger(window, 0, "keep a window", "the window");
  const { activity } = neurons;
  const wake = wakeChance(neurons);
  if (window === 0) return { loaded: activity, resident: activity };
  const asleep = (1 - activity) * (1 - wake) ** (window - 1);
  return { loaded: asleep * wake, resident: 1 - asleep * (1 - wake) };
}

/**
 * The longest window whose neurons fit into a share of the network's memory.
 *
 * @param room The share that may be held, from the activity to below 1.
 * @returns Tokens before the current one; Infinity when neurons never change.
 * @throws {RangeError} when not even one token's neurons fit, or a value is out of range.
 * @example A quarter of the network for OPT-6.7B: five tokens
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { longestWindow } from "@fewer-bytes/offload";
 *
 * assertEquals(longestWindow({ activity: 0.1, persistence: 0.7 }, 0.25), 5);
 * ```
 */
export function longestWindow(neurons: NeuronActivity, room: number): number {
  const { activity } = neurons;
  const wake = wakeChance(neurons);
  if (!(room >= activity && room < 1)) {
    throw new RangeError(
      `Cannot keep a window as the room must be at least the activity, ${activity}, and below 1: current value is ${room}`,
    );
  }
  if (wake === 0) return Infinity;
  return Math.floor(Math.log((1 - room) / (1 - activity)) / Math.log(1 - wake) + 1e-9);
}
