import { formula } from "../../numeric/mod.ts";
import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requirePositive,
  type Seconds,
} from "../../units/mod.ts";

/** Little's law for a memory, as it is printed and computed. */
export const bytesInFlightFormula = formula("inFlight = bandwidth * latency", {
  inFlight: "bytes that were asked for and have not arrived",
  bandwidth: "bytes per second that shall arrive",
  latency: "seconds from a request until its bytes arrive",
});

/**
 * How many bytes must be under way at every moment, so that a memory gives its full bandwidth?
 *
 * What enters in one latency is what is inside: Little's law. A far memory of the same bandwidth needs more requests at
 * once, so a reader that has enough of them for its own memory may starve on a far one.
 *
 * Source: Little, "A Proof for the Queuing Formula: L = λW" (1961).
 *
 * @throws {RangeError} when the bandwidth is not above zero, or the latency negative.
 * @example 3.35 TB/s at 600 ns: 2 MB, or 15,703 requests of 128 bytes
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { bytesInFlight } from "@fewer-bytes/memory";
 *
 * assertAlmostEquals(bytesInFlight(3.35e12, 600e-9), 2.01e6, 1);
 * assertEquals(Math.floor(bytesInFlight(3.35e12, 600e-9) / 128), 15_703);
 * ```
 */
export function bytesInFlight(bandwidth: BytesPerSecond, latency: Seconds): Bytes {
  requirePositive(bandwidth, "find the bytes in flight", "the bandwidth");
  requireAtLeast(latency, 0, "find the bytes in flight", "the latency");
  return bandwidth * latency;
}

/**
 * How fast does a memory feed a reader that keeps so many bytes under way? At most at its bandwidth, and at most one load
 * of what is under way for each latency.
 *
 * @param memory Its bandwidth, and its latency. Default 0: never the limit.
 * @param inFlight Bytes that the reader asks for at once. Default: as many as are needed.
 * @throws {RangeError} when a value is out of range.
 * @example One core with 12 line buffers of 64 bytes, on a memory 100 ns away and on one 250 ns away
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { sustainedBandwidth } from "@fewer-bytes/memory";
 *
 * assertAlmostEquals(sustainedBandwidth({ bandwidth: 307.2e9, latency: 100e-9 }, 12 * 64), 7.68e9, 1);
 * assertAlmostEquals(sustainedBandwidth({ bandwidth: 307.2e9, latency: 250e-9 }, 12 * 64), 3.07e9, 0.01e9);
 * ```
 */
export function sustainedBandwidth(
  { bandwidth, latency = 0 }: {
    readonly bandwidth: BytesPerSecond;
    readonly latency?: Seconds | undefined;
  },
  inFlight?: Bytes,
): BytesPerSecond {
  requirePositive(bandwidth, "find a sustained bandwidth", "the bandwidth");
  requireAtLeast(latency, 0, "find a sustained bandwidth", "the latency");
  if (inFlight === undefined) return bandwidth;
  requirePositive(inFlight, "find a sustained bandwidth", "the bytes in flight");
  return latency === 0 ? bandwidth : Math.min(bandwidth, inFlight / latency);
}
