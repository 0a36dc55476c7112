import type { Bytes, BytesPerSecond, Seconds } from "../../units/mod.ts";
import { requirePositive } from "../../units/mod.ts";

/** How long reads of one size took, each on its own or shared among those under way. */
export interface TimedRead {
  readonly bytes: Bytes;
  readonly seconds: Seconds;
}

/** A latency and a bandwidth that explain measured reads. */
export interface ReadFit {
  readonly latency: Seconds;
  readonly bandwidth: BytesPerSecond;
  /** The largest deviation of a measured time, as a share of it. */
  readonly worst: number;
}

/**
 * Which latency and which bandwidth explain measured reads? The straight line seconds = latency + bytes / bandwidth that has
 * the least squares of relative errors: a read of 4 KiB counts as much as one of 16 MiB.
 *
 * With several reads under way, give the time for each: all seconds over all reads. The latency is then what is left of it
 * for each read. A deviation of more than some ten percent says that a line is not the whole story: read-ahead, caches, or
 * limits of operations.
 *
 * @param reads Of at least two sizes.
 * @throws {RangeError} when there are fewer sizes, a value is not above zero, or longer reads did not take longer.
 * @example Apple's flash as "LLM in a flash" reports it, with 32 threads: rows of 8 KiB, bundles of 16 KiB, long reads
 * ```ts
 * import { assert, assertAlmostEquals } from "@std/assert";
 * import { fitReads, readThroughput } from "@fewer-bytes/offload";
 *
 * const reported = [[8192, 1.25e9], [16_384, 2.25e9], [2 ** 30, 6.1e9]] as const;
 * const fit = fitReads(reported.map(([bytes, rate]) => ({ bytes, seconds: bytes / rate })));
 * assertAlmostEquals(32 * fit.latency * 1e6, 158, 1); // microseconds for each thread
 * assert(fit.worst < 0.05);
 * assertAlmostEquals(readThroughput(fit, 16_384) / readThroughput(fit, 8192), 1.65, 0.01); // not 2
 * ```
 */
export function fitReads(reads: readonly TimedRead[]): ReadFit {
  let uu = 0, uv = 0, vv = 0, u = 0, v = 0;
  for (const { bytes, seconds } of reads) {
    requirePositive(bytes, "fit reads", "the bytes of a read");
    requirePositive(seconds, "fit reads", "the seconds of a read");
    const [one, slope] = [1 / seconds, bytes / seconds]; // latency * one + slope / bandwidth should be 1
    uu += one * one;
    uv += one * slope;
    vv += slope * slope;
    u += one;
    v += slope;
  }
  const sizes = new Set(reads.map(({ bytes }) => bytes)).size;
  if (sizes < 2) {
    throw new RangeError(
      `Cannot fit reads as there must be at least 2 sizes: current value is ${sizes}`,
    );
  }
  const determinant = uu * vv - uv * uv;
  let [latency, perByte] = [(u * vv - v * uv) / determinant, (v * uu - u * uv) / determinant];
  if (latency < 0) [latency, perByte] = [0, v / vv];
  if (!(perByte > 0)) {
    throw new RangeError(
      `Cannot fit reads as longer reads must take longer: current value is ${perByte} seconds for a further byte`,
    );
  }
  const worst = Math.max(
    ...reads.map(({ bytes, seconds }) => Math.abs((latency + bytes * perByte) / seconds - 1)),
  );
  return { latency, bandwidth: 1 / perByte, worst };
}
