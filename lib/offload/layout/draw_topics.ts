import type { Random } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/** Neurons that belong to topics, and tokens that are about one. */
export interface TopicSetup {
  readonly neurons: number;
  /** Equal groups of neurons; they divide the neurons. */
  readonly topics: number;
  readonly tokens: number;
  /** The chance that a neuron of the token's topic is active, and that another one is. */
  readonly own: number;
  readonly other: number;
}

/**
 * Draws activations that come in groups: each token is about one topic, whose neurons are likely active, and others seldom.
 * Neurons of a topic are scattered over the network, as training leaves them.
 *
 * @param random Seeded by the caller.
 * @throws {RangeError} when a value is out of range.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { drawTopics } from "@fewer-bytes/offload";
 *
 * const trace = drawTopics({ neurons: 60, topics: 6, tokens: 20, own: 1, other: 0 }, seeded(3));
 * assertEquals(new Set(trace.map((active) => active.length)), new Set([10]));
 * ```
 */
export function drawTopics(
  { neurons, topics, tokens, own, other }: TopicSetup,
  random: Random,
): number[][] {
  requireInteger(neurons, 1, "draw topics", "neurons");
  requireInteger(topics, 1, "draw topics", "topics");
  requireInteger(tokens, 1, "draw topics", "tokens");
  if (neurons % topics !== 0) {
    throw new RangeError(
      `Cannot draw topics as they must divide ${neurons} neurons: current value is ${topics}`,
    );
  }
  for (const [name, chance] of Object.entries({ own, other })) {
    if (!(chance >= 0 && chance <= 1)) {
      throw new RangeError(
        `Cannot draw topics as the chance of ${name} must be from 0 to 1: current value is ${chance}`,
      );
    }
  }
  const topicOf = random.shuffle(Array.from({ length: neurons }, (_, neuron) => neuron % topics));
  return Array.from({ length: tokens }, () => {
    const topic = random.integer(topics);
    return topicOf.flatMap((mine, neuron) =>
      random.uniform() < (mine === topic ? own : other) ? [neuron] : []
    );
  });
}
