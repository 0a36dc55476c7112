import { type Bytes, requireAtLeast, requireInteger, type Seconds } from "../../units/mod.ts";
import { type ParameterStates, parameterStates } from "../states/parameter_states.ts";
import { devicesOf, gatherTraffic, type LevelTraffic, type LinkLevel } from "./link_levels.ts";

/** Over how many levels of links each state is divided, and how wide values are on their way. */
export interface PartitionPlan {
  readonly name: string;
  /** Levels, counted from the innermost, over which weights are divided: 0 keeps all of them on each device. */
  readonly weights: number;
  /** The same for a second copy that the backward pass reads instead. Default: there is none. */
  readonly secondary?: number;
  /** The same for gradients, once they are added up. */
  readonly gradients: number;
  /** Bytes of a weight on its way, forward, backward and after the update. Default 2. */
  readonly weightBytes?: Bytes;
  /** Of a weight of the second copy. Default 2. */
  readonly secondaryBytes?: Bytes;
  /** Of a gradient on its way. Default 2. */
  readonly gradientBytes?: Bytes;
}

/** What a plan costs each device. */
export interface PartitionTraffic {
  /** States, the second copy included; the optimizer's state is divided among all devices. */
  readonly memory: Bytes;
  /** Received in a step over the links of each level, innermost first. */
  readonly levels: readonly LevelTraffic[];
  readonly seconds: Seconds;
}

/**
 * Where should states be divided, when links differ? ZeRO-3 divides all among all, and each layer's weights then come over
 * the slowest links, twice. ZeRO++ keeps a second copy in each machine for the backward pass and sends fewer bits; a plan
 * for three levels (Frontier) divides weights between the two dies of a package alone, so that in both passes they come
 * over the fastest links, and slow ones carry only gradients and new weights, once.
 *
 * In a step: weights forward, weights backward, gradients to the optimizer's parts, and new weights from these to wherever
 * a copy is divided less far. Each level's links work one after the other.
 *
 * Source: Wang et al., "ZeRO++" (2023); Xu et al., "Scaling LLM Training on Frontier with Low-Bandwidth Partitioning"
 * (2025).
 *
 * @param levels Innermost first.
 * @throws {RangeError} when a plan names more levels than there are.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { partitionTraffic } from "@fewer-bytes/training";
 *
 * const levels = [
 *   { name: "dies", units: 2, bandwidth: 200e9 },
 *   { name: "packages", units: 4, bandwidth: 50e9 },
 *   { name: "machines", units: 48, bandwidth: 12.5e9 },
 * ];
 * const all = partitionTraffic(20e9, { name: "ZeRO-3", weights: 3, gradients: 3 }, levels);
 * const dies = partitionTraffic(20e9, { name: "three levels", weights: 1, gradients: 2 }, levels);
 * assert(dies.memory > 5 * all.memory && dies.seconds < 0.8 * all.seconds);
 * ```
 */
export function partitionTraffic(
  parameters: number,
  plan: PartitionPlan,
  levels: readonly LinkLevel[],
  states: ParameterStates = parameterStates.mixed,
): PartitionTraffic {
  const { weights, secondary, gradients, weightBytes = 2, secondaryBytes = 2, gradientBytes = 2 } =
    plan;
  requireAtLeast(parameters, 0, "divide states", "the number of parameters");
  for (const [name, depth] of Object.entries({ weights, secondary: secondary ?? 0, gradients })) {
    requireInteger(depth, 0, "divide states", name);
    if (depth > levels.length) {
      throw new RangeError(
        `Cannot divide states as ${name} must be <= the levels, ${levels.length}: current value is ${depth}`,
      );
    }
  }
  const parts = (depth: number) => devicesOf(levels.slice(0, depth));
  const received = levels.map(() => 0);
  const gather = (bytes: Bytes, from: number, to: number) => {
    gatherTraffic(bytes, levels.slice(from, to)).forEach((row, index) => {
      received[from + index]! += row.bytes;
    });
  };
  const all = levels.length;
  gather(parameters * weightBytes, 0, weights);
  gather(
    parameters * (secondary === undefined ? weightBytes : secondaryBytes),
    0,
    secondary ?? weights,
  );
  gather(parameters * gradientBytes, 0, all);
  // New weights: from the optimizer's parts to each part of the first copy. The second is made of it as weights pass.
  gather(parameters * weightBytes / parts(weights), weights, all);
  const memory = parameters * (states.weights / parts(weights) +
    (secondary === undefined ? 0 : secondaryBytes / parts(secondary)) +
    states.gradients / parts(gradients) + states.optimizer / parts(all));
  const rows = levels.map((level, index) => {
    const bytes = received[index]!;
    return { level, bytes, seconds: bytes / level.bandwidth };
  });
  return { memory, levels: rows, seconds: rows.reduce((sum, { seconds }) => sum + seconds, 0) };
}
