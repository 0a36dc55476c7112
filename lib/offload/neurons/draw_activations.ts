import type { Random } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { type NeuronActivity, wakeChance } from "./neuron_activity.ts";

/** For each token the numbers of its active neurons, rising. */
export type ActivationTrace = readonly (readonly number[])[];

/**
 * Draws which neurons are active, token after token. Each neuron is a chain of two states: awake it stays so with the chance
 * of its persistence, asleep it wakes as often as keeps the activity.
 *
 * @param random Seeded by the caller.
 * @throws {RangeError} when a value is out of range.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { drawActivations } from "@fewer-bytes/offload";
 *
 * const trace = drawActivations({ neurons: 100, tokens: 3, activity: 0.2, persistence: 1 }, seeded(1));
 * assertEquals(trace[0], trace[2]); // who is awake stays awake
 * ```
 */
export function drawActivations(
  { neurons, tokens, ...kind }: NeuronActivity & {
    readonly neurons: number;
    readonly tokens: number;
  },
  random: Random,
): number[][] {
  requireInteger(neurons, 1, "draw activations", "neurons");
  requireInteger(tokens, 1, "draw activations", "tokens");
  const wake = wakeChance(kind);
  const { activity, persistence = activity } = kind;
  const awake = Uint8Array.from(
    { length: neurons },
    () => random.uniform() < activity ? 1 : 0,
  );
  return Array.from({ length: tokens }, (_, token) => {
    const active: number[] = [];
    for (let neuron = 0; neuron < neurons; neuron++) {
      if (token > 0) {
        awake[neuron] = random.uniform() < (awake[neuron] ? persistence : wake) ? 1 : 0;
      }
      if (awake[neuron]) active.push(neuron);
    }
    return active;
  });
}
