import type { Seconds, Tokens } from "../../units/mod.ts";

/**
 * Requests as columns, in the order in which they arrive: a million of them are a few typed arrays and not a million
 * objects. What a request does not use is left out.
 */
export interface Requests {
  /** When each arrives, never earlier than the one before. */
  readonly arrival: Float64Array;
  readonly promptTokens: Int32Array;
  /** Tokens of the answer, the first one included. A scheduler must not look: it learns the length at the end. */
  readonly outputTokens: Int32Array;
  /** Which shared text the prompt begins with, a small number for each; −1 for none. */
  readonly prefix?: Int32Array;
  /** Tokens of that text. */
  readonly prefixTokens?: Int32Array;
  /** After how many tokens of the answer a request waits for a tool; 0 for never. */
  readonly pauseAfter?: Int32Array;
  /** How long it waits. */
  readonly pauseSeconds?: Float64Array;
}

/** One request, for writing a few of them by hand. */
export interface RequestEntry {
  readonly arrival: Seconds;
  readonly promptTokens: Tokens;
  readonly outputTokens: Tokens;
  readonly prefix?: number;
  readonly prefixTokens?: Tokens;
  readonly pauseAfter?: Tokens;
  readonly pauseSeconds?: Seconds;
}

/**
 * Puts a list of requests into columns, sorted by arrival.
 *
 * @throws {RangeError} when a request is not one; the message names it.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { requests } from "@fewer-bytes/serving";
 *
 * const two = requests([
 *   { arrival: 1, promptTokens: 20, outputTokens: 2 },
 *   { arrival: 0, promptTokens: 10, outputTokens: 1 },
 * ]);
 * assertEquals([...two.promptTokens], [10, 20]);
 * ```
 */
export function requests(entries: readonly RequestEntry[]): Requests {
  const sorted = [...entries].sort((one, other) => one.arrival - other.arrival);
  const whole = (value: (entry: RequestEntry) => number) => Int32Array.from(sorted, value);
  for (const { promptTokens, outputTokens } of sorted) {
    requireWhole("promptTokens", promptTokens);
    requireWhole("outputTokens", outputTokens);
  }
  const columns: Requests = {
    arrival: Float64Array.from(sorted, ({ arrival }) => arrival),
    promptTokens: whole(({ promptTokens }) => promptTokens),
    outputTokens: whole(({ outputTokens }) => outputTokens),
    ...(sorted.some(({ prefix }) => prefix !== undefined) && {
      prefix: whole(({ prefix = -1 }) => prefix),
      prefixTokens: whole(({ prefixTokens = 0 }) => prefixTokens),
    }),
    ...(sorted.some(({ pauseAfter }) => pauseAfter) && {
      pauseAfter: whole(({ pauseAfter = 0 }) => pauseAfter),
      pauseSeconds: Float64Array.from(sorted, ({ pauseSeconds = 0 }) => pauseSeconds),
    }),
  };
  return checkRequests(columns);
}

function requireWhole(name: string, value: number): void {
  if (Number.isInteger(value) && value < 2 ** 31) return;
  throw new RangeError(
    `Cannot serve requests as ${name} must be a whole number: current value is ${value}`,
  );
}

/**
 * Refuses columns that do not describe requests: no entry at all, different lengths, times that go backwards, empty
 * prompts or answers, beginnings longer than their prompts, pauses that never end.
 */
export function checkRequests(requests: Requests): Requests {
  const { arrival } = requests;
  const refuse = (what: string, index: number, requirement: string, value: number | undefined) => {
    throw new RangeError(
      `Cannot serve requests as ${what} of request ${index} must be ${requirement}: current value is ${value}`,
    );
  };
  if (arrival.length === 0) {
    throw new RangeError(
      "Cannot serve requests as there must be at least one: current number is 0",
    );
  }
  for (const [name, column] of Object.entries(requests)) {
    if (column.length !== arrival.length) {
      throw new TypeError(
        `Cannot serve requests as each column must have ${arrival.length} entries: ${name} has ${column.length}`,
      );
    }
  }
  for (
    const [one, other] of [["prefix", "prefixTokens"], ["pauseAfter", "pauseSeconds"]] as const
  ) {
    if (!requests[one] !== !requests[other]) {
      throw new TypeError(
        `Cannot serve requests as ${one} and ${other} must come together: ${
          requests[one] ? other : one
        } is missing`,
      );
    }
  }
  for (let index = 0; index < arrival.length; index++) {
    const time = arrival[index]!;
    const before = index === 0 ? 0 : arrival[index - 1]!;
    if (!(time >= before && time < Infinity)) {
      refuse("the arrival", index, `a finite number >= ${before}`, time);
    }
    const { promptTokens, outputTokens, prefixTokens, pauseSeconds } = requests;
    if (!(promptTokens[index]! >= 1)) refuse("promptTokens", index, ">= 1", promptTokens[index]);
    if (!(outputTokens[index]! >= 1)) refuse("outputTokens", index, ">= 1", outputTokens[index]);
    if (
      prefixTokens && !(prefixTokens[index]! >= 0 && prefixTokens[index]! <= promptTokens[index]!)
    ) {
      const range = `0 to ${promptTokens[index]}, the length of its prompt`;
      refuse("prefixTokens", index, range, prefixTokens[index]);
    }
    if (pauseSeconds && !(pauseSeconds[index]! >= 0 && pauseSeconds[index]! < Infinity)) {
      refuse("pauseSeconds", index, "a finite number >= 0", pauseSeconds[index]);
    }
  }
  return requests;
}

/** How many requests arrive in a second, from the first to the last. Infinity when all arrive at once. */
export function arrivalRate({ arrival }: Requests): number {
  return (arrival.length - 1) / (arrival.at(-1)! - arrival[0]!) || Infinity;
}
