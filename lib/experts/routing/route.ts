import { requireInteger, requirePositive } from "../../units/mod.ts";

/** How a router chooses. */
export interface RoutingRule {
  readonly expertsPerToken: number;
  /** What logits become: shares of one whole, or each a number from 0 to 1 by itself. Default softmax. */
  readonly scores?: "softmax" | "sigmoid";
  /** Whether the weights of the chosen are made to add up to 1. Default true. */
  readonly normalized?: boolean;
  /** What weights are multiplied with at the end. Default 1. */
  readonly scale?: number;
  /** Added to the scores when choosing, not when weighing: how DeepSeek-V3 balances loads without a loss. */
  readonly bias?: ArrayLike<number>;
  /** Limits where a token may go: experts stand in so many groups of equal size, and only the best few are searched. */
  readonly groups?: {
    readonly count: number;
    readonly kept: number;
    /** A group is as good as the sum of so many of its best scores. Default 2, as in DeepSeek-V3; DeepSeek-V2 takes 1. */
    readonly best?: number;
  };
}

/** Where one token goes. */
export interface Routed {
  /** Numbers of the chosen experts, the most wanted first. */
  readonly experts: readonly number[];
  /** What the output of each is multiplied with. */
  readonly weights: readonly number[];
}

/**
 * Which experts does a token go to? The k with the highest scores; each output is weighed by its score.
 *
 * Mixtral and Qwen3 take the softmax of all logits and make the weights of the chosen add up to 1, which is the same as the
 * softmax of the chosen logits alone (gpt-oss). DeepSeek-V3 takes sigmoids, adds a bias that balances loads when it chooses,
 * and searches only the best 4 of 8 groups, so that a token reaches at most 4 machines. Of equal scores the first wins.
 *
 * Sources: Shazeer et al., "Outrageously Large Neural Networks" (arXiv 1701.06538); DeepSeek-AI, "DeepSeek-V3 Technical
 * Report" (arXiv 2412.19437), equations 12 to 16.
 *
 * @param logits One number for each expert.
 * @throws {RangeError} when a logit is not finite, or the rule asks for more experts than there are or than groups hold.
 * @throws {TypeError} when there is not one bias for each expert.
 * @example The bias changes who is chosen, and not how much it counts
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { route } from "@fewer-bytes/experts";
 *
 * const logits = [2, 1, 0, -1];
 * assertEquals(route(logits, { expertsPerToken: 2 }).experts, [0, 1]);
 * const rule = { expertsPerToken: 1, scores: "sigmoid", normalized: false, bias: [0, 0, 0.5, 0] } as const;
 * assertEquals(route(logits, rule), { experts: [2], weights: [0.5] });
 * ```
 */
export function route(logits: ArrayLike<number>, rule: RoutingRule): Routed {
  const { expertsPerToken, normalized = true, scale = 1, bias, groups } = rule;
  const experts = logits.length;
  requireChoice(experts, expertsPerToken, "route a token");
  requirePositive(scale, "route a token", "the scale");
  if (bias && bias.length !== experts) {
    throw new TypeError(
      `Cannot route a token as there must be a bias for each of ${experts} experts: current length is ${bias.length}`,
    );
  }
  const scores = rule.scores === "sigmoid" ? sigmoids(logits) : softmax(logits);
  const wanted = scores.map((score, expert) => score + (bias?.[expert] ?? 0));
  const allowed = groups ? bestGroups(wanted, groups, expertsPerToken) : range(experts);
  const chosen = best(allowed, wanted, expertsPerToken);
  const sum = normalized ? chosen.reduce((total, expert) => total + scores[expert]!, 0) : 1;
  return { experts: chosen, weights: chosen.map((expert) => scale * scores[expert]! / sum) };
}

/** Refuses to choose more experts than there are. */
export function requireChoice(experts: number, expertsPerToken: number, action: string): void {
  requireInteger(experts, 1, action, "the number of experts");
  requireInteger(expertsPerToken, 1, action, "expertsPerToken");
  if (expertsPerToken > experts) {
    throw new RangeError(
      `Cannot ${action} as expertsPerToken must be <= the ${experts} experts: current value is ${expertsPerToken}`,
    );
  }
}

function bestGroups(
  wanted: readonly number[],
  { count, kept, best: summed = 2 }: NonNullable<RoutingRule["groups"]>,
  expertsPerToken: number,
): number[] {
  requireInteger(count, 1, "route a token", "the number of groups");
  requireInteger(kept, 1, "route a token", "the number of groups kept");
  requireInteger(summed, 1, "route a token", "the number of scores that a group is judged by");
  const size = wanted.length / count;
  if (!Number.isInteger(size) || kept > count || kept * size < expertsPerToken) {
    throw new RangeError(
      `Cannot route a token as ${kept} of ${count} equal groups must hold ${expertsPerToken} of ${wanted.length} experts`,
    );
  }
  const members = (group: number) => range(size).map((place) => group * size + place);
  const worth = range(count).map((group) =>
    best(members(group), wanted, Math.min(summed, size))
      .reduce((sum, expert) => sum + wanted[expert]!, 0)
  );
  return best(range(count), worth, kept).flatMap(members);
}

/** The few of some candidates with the highest values, highest first, the earlier of equals. */
function best(candidates: readonly number[], values: readonly number[], few: number): number[] {
  return [...candidates].sort((a, b) => values[b]! - values[a]! || a - b).slice(0, few);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function softmax(logits: ArrayLike<number>): number[] {
  const finite = checked(logits);
  const most = finite.reduce((a, b) => Math.max(a, b));
  const powers = finite.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

function sigmoids(logits: ArrayLike<number>): number[] {
  return checked(logits).map((logit) => 1 / (1 + Math.exp(-logit)));
}

function checked(logits: ArrayLike<number>): number[] {
  return Array.from(logits, (logit, expert) => {
    if (Number.isFinite(logit)) return logit;
    throw new RangeError(
      `Cannot route a token as each logit must be finite: that of expert ${expert} is ${logit}`,
    );
  });
}
