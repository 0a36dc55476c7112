import { requireInteger } from "../../units/mod.ts";

/** How neurons of a feed-forward network are active from one token to the next, all alike. */
export interface NeuronActivity {
  /** The share of neurons that are active for a token. */
  readonly activity: number;
  /** The chance that a neuron which is active for a token is so for the next. Default: the activity, so that tokens are independent. */
  readonly persistence?: number;
}

/**
 * How likely does a neuron that slept through a token wake for the next? Activity must come from somewhere: as many wake as
 * fall asleep, so that it is activity × (1 − persistence) / (1 − activity).
 *
 * @throws {RangeError} when a share is not from 0 to 1, all neurons are active, or so few persist that more would have to
 *   wake than there are.
 */
export function wakeChance({ activity, persistence = activity }: NeuronActivity): number {
  if (!(activity >= 0 && activity < 1)) {
    throw new RangeError(
      `Cannot follow neurons as the activity must be at least 0 and below 1: current value is ${activity}`,
    );
  }
  if (!(persistence >= 0 && persistence <= 1)) {
    throw new RangeError(
      `Cannot follow neurons as the persistence must be from 0 to 1: current value is ${persistence}`,
    );
  }
  const wake = activity * (1 - persistence) / (1 - activity);
  if (wake > 1) {
    throw new RangeError(
      `Cannot follow neurons as the persistence must be at least ${
        (2 * activity - 1) / activity
      } at an activity of ${activity}: current value is ${persistence}`,
    );
  }
  return wake;
}

/**
 * How persistent are neurons, of which a window holds a known share? The other way round: what papers report is how much of
 * a network the last few tokens used.
 *
 * @param activity The share that is active for one token.
 * @param window Tokens before the current one.
 * @param resident The share that is active for any of these tokens or the current one.
 * @throws {RangeError} when no persistence explains it.
 * @example OPT-6.7B: a tenth for a token, 24 % for a window of five
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { persistenceFor, windowReads } from "@fewer-bytes/offload";
 *
 * const persistence = persistenceFor(0.1, 5, 0.24);
 * assertAlmostEquals(persistence, 0.70, 0.005);
 * assertAlmostEquals(windowReads({ activity: 0.1, persistence }, 5).loaded, 0.026, 0.0005); // reported: 0.024
 * ```
 */
export function persistenceFor(activity: number, window: number, resident: number): number {
  requireInteger(window, 1, "find the persistence", "the window");
  wakeChance({ activity });
  if (!(activity > 0 && resident >= activity && resident < 1)) {
    throw new RangeError(
      `Cannot find the persistence as what a window holds must be at least the activity, ${activity}, and below 1: current value is ${resident}`,
    );
  }
  const wake = 1 - ((1 - resident) / (1 - activity)) ** (1 / window);
  const persistence = 1 - wake * (1 - activity) / activity;
  if (persistence < 0) {
    throw new RangeError(
      `Cannot find the persistence as a window of ${window} tokens cannot hold so much: current value is ${resident}`,
    );
  }
  return persistence;
}
