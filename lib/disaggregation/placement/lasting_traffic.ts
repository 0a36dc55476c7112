import { type Lengths, makeRequests, poissonArrivals, type Requests } from "../../serving/mod.ts";
import { requireInteger, requirePositive, type Seconds } from "../../units/mod.ts";

/** What requests look like, whatever their rate. */
export interface LastingTraffic {
  readonly prompt: Lengths;
  readonly output: Lengths;
  /** Requests at least: one in ten may break its promise, so a few must do. Default 100. */
  readonly atLeast?: number;
  /** Default 1. */
  readonly seed?: number;
}

/**
 * Traffic for a search of the largest rate: at each rate so many requests that they keep coming for so long.
 *
 * With a fixed number of requests, a high rate is over before the batch has filled: 300 requests at 60 a second come within
 * five seconds, less than one answer takes. No queue builds up, and the search believes in a rate that no server can keep.
 * A fleet of eight then looks nearly three times as good for each server as one alone. So let traffic last ten times as
 * long as a request stays.
 *
 * @param seconds How long requests keep coming, on average.
 * @returns Requests at a rate; the first of them have the same lengths at each.
 * @throws {RangeError} when a value is out of range.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { trafficLasting } from "@fewer-bytes/disaggregation";
 * import { fixedLengths } from "@fewer-bytes/serving";
 *
 * const requestsAt = trafficLasting(60, { prompt: fixedLengths(500), output: fixedLengths(100) });
 * assertEquals(requestsAt(10).arrival.length, 600);
 * assertEquals(requestsAt(0.1).arrival.length, 100);
 * ```
 */
export function trafficLasting(
  seconds: Seconds,
  { prompt, output, atLeast = 100, seed = 1 }: LastingTraffic,
): (rate: number) => Requests {
  requirePositive(seconds, "make traffic", "its duration");
  requireInteger(atLeast, 1, "make traffic", "atLeast");
  return (rate) =>
    makeRequests({
      count: Math.max(atLeast, Math.ceil(rate * seconds)),
      arrivals: poissonArrivals(rate),
      prompt,
      output,
      seed,
    });
}
