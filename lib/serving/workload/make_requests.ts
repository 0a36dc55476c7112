import { type Random, seeded } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger, type Seconds, type Tokens } from "../../units/mod.ts";
import { type Arrivals, arrivalTimes } from "./arrivals.ts";
import type { Lengths } from "./lengths.ts";
import { checkRequests, type Requests } from "./requests.ts";

/** Requests to draw. */
export interface Workload {
  readonly count: number;
  readonly arrivals: Arrivals;
  readonly prompt: Lengths;
  readonly output: Lengths;
  /** Texts that prompts begin with, such as system prompts: how many there are, and how long each is. */
  readonly prefixes?: { readonly count: number; readonly tokens: Tokens };
  /** Waits for a tool: the share of requests that wait once, in the middle of their answer, and how long. */
  readonly pauses?: { readonly share: number; readonly seconds: (random: Random) => Seconds };
  /** Default 1. */
  readonly seed?: number;
}

/**
 * Draws requests. The same seed gives the same ones; and each column is drawn from a generator of its own, so that other
 * arrivals come with the same lengths.
 *
 * Prefixes are picked with probabilities 1, 1/2, 1/3… (Zipf's law), and stand before the drawn prompt.
 *
 * @throws {RangeError} when a count, share or seed is out of range.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fixedLengths, makeRequests, poissonArrivals } from "@fewer-bytes/serving";
 *
 * const workload = { count: 3, prompt: fixedLengths(100), output: fixedLengths(10), seed: 7 };
 * const { arrival } = makeRequests({ ...workload, arrivals: poissonArrivals(5) });
 * assertEquals(makeRequests({ ...workload, arrivals: poissonArrivals(5) }).arrival, arrival);
 * ```
 */
export function makeRequests(workload: Workload): Requests {
  const { count, arrivals, prompt, output, prefixes, pauses, seed = 1 } = workload;
  requireInteger(count, 1, "draw requests", "the number of requests");
  const random = seeded(seed);
  const parts = Array.from({ length: 5 }, () => random.split());
  const [times, prompts, outputs, texts, tools] = parts as [Random, Random, Random, Random, Random];
  const promptTokens = Int32Array.from({ length: count }, () => prompt(prompts));
  const outputTokens = Int32Array.from({ length: count }, () => output(outputs));
  const columns: Requests = {
    arrival: arrivalTimes(arrivals, count, times),
    promptTokens,
    outputTokens,
    ...(prefixes && drawPrefixes(prefixes, promptTokens, texts)),
    ...(pauses && drawPauses(pauses, outputTokens, tools)),
  };
  return checkRequests(columns);
}

function drawPrefixes(
  { count, tokens }: { count: number; tokens: Tokens },
  promptTokens: Int32Array,
  random: Random,
): Pick<Requests, "prefix" | "prefixTokens"> {
  requireInteger(count, 1, "draw prefixes", "the number of prefixes");
  requireInteger(tokens, 1, "draw prefixes", "their length");
  const cumulative = new Float64Array(count);
  let sum = 0;
  for (let index = 0; index < count; index++) cumulative[index] = sum += 1 / (index + 1);
  const prefix = Int32Array.from(promptTokens, () => {
    const point = random.uniform() * sum;
    return cumulative.findIndex((value) => point < value);
  });
  for (let index = 0; index < promptTokens.length; index++) promptTokens[index]! += tokens;
  return { prefix, prefixTokens: new Int32Array(promptTokens.length).fill(tokens) };
}

function drawPauses(
  { share, seconds }: { share: number; seconds: (random: Random) => Seconds },
  outputTokens: Int32Array,
  random: Random,
): Pick<Requests, "pauseAfter" | "pauseSeconds"> {
  requireAtLeast(share, 0, "draw pauses", "the share");
  if (share > 1) {
    throw new RangeError(`Cannot draw pauses as the share must be <= 1: current value is ${share}`);
  }
  const pauseAfter = Int32Array.from(
    outputTokens,
    (tokens) => random.uniform() < share ? Math.floor(tokens / 2) : 0,
  );
  const pauseSeconds = Float64Array.from(pauseAfter, (after) => after > 0 ? seconds(random) : 0);
  return { pauseAfter, pauseSeconds };
}
