import { requireInteger, type Seconds, type Tokens } from "../../units/mod.ts";

/** Which experts are computed where. */
export interface SharedExperts {
  readonly seconds: Seconds;
  /** Places in the list of experts. */
  readonly inMemory: readonly number[];
  readonly onProcessor: readonly number[];
}

/** Seconds for one expert that got so many tokens. */
export interface ExpertTimes {
  readonly processor: (tokens: Tokens) => Seconds;
  readonly memory: (tokens: Tokens) => Seconds;
}

/**
 * Which experts of a layer go into memory, when both sides work at once? Duplex' rule: begin with all on the processor,
 * and give memory the experts with the fewest tokens, one after another, as long as it helps.
 *
 * An expert with few tokens is all reading, which memory does fast; an expert with many is arithmetic. While the
 * processor waits for its pins each expert takes it equally long, and then the rule is optimal. Experts that no token
 * picked are not read at all.
 *
 * @param tokens How many tokens each expert got.
 * @throws {RangeError} when a count is no whole number.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { shareExperts } from "@fewer-bytes/pim";
 *
 * const times = { processor: () => 1, memory: (tokens: number) => Math.max(0.25, tokens / 8) };
 * assertEquals(shareExperts([1, 12, 2, 1], times), { seconds: 1, inMemory: [0, 3, 2], onProcessor: [1] });
 * ```
 */
export function shareExperts(tokens: readonly Tokens[], times: ExpertTimes): SharedExperts {
  tokens.forEach((count) => requireInteger(count, 0, "share experts", "the tokens of an expert"));
  const order = tokens.map((_, index) => index)
    .filter((index) => tokens[index]! > 0)
    .sort((a, b) => tokens[a]! - tokens[b]! || a - b);
  let processor = order.reduce((sum, index) => sum + times.processor(tokens[index]!), 0);
  let memory = 0;
  let best = { seconds: processor, count: 0 };
  order.forEach((index, place) => {
    processor -= times.processor(tokens[index]!);
    memory += times.memory(tokens[index]!);
    const seconds = Math.max(processor, memory);
    if (seconds < best.seconds) best = { seconds, count: place + 1 };
  });
  return {
    seconds: best.seconds,
    inMemory: order.slice(0, best.count),
    onProcessor: order.slice(best.count),
  };
}
