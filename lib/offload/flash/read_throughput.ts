import { type CountedTier, fetchedBytes } from "../../memory/mod.ts";
import { formula } from "../../numeric/mod.ts";
import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requireInteger,
  requirePositive,
  type Seconds,
} from "../../units/mod.ts";

/** The throughput of reads one after the other, as it is printed and computed. */
export const readThroughputFormula = formula("throughput = bytes / (latency + bytes / bandwidth)", {
  throughput: "bytes per second that arrive",
  bytes: "of one read",
  latency: "seconds from a request until its first byte arrives",
  bandwidth: "bytes per second of one endless read",
});

/** What a read of flash depends on. Drives of the catalog have it, and so has a fit of measured reads. */
export type FlashReads = Pick<
  CountedTier,
  "bandwidth" | "latency" | "granularity" | "operations"
>;

/**
 * How long does one read take, when nothing else is read? A latency, and then the bytes: whole pages of them.
 *
 * @param flash Its bandwidth; latency, default 0; granularity, default a byte.
 * @throws {RangeError} when a value is out of range.
 */
export function readSeconds(flash: FlashReads, bytes: Bytes): Seconds {
  const { bandwidth, latency = 0, granularity = 1 } = flash;
  requirePositive(bandwidth, "time a read", "the bandwidth");
  requireAtLeast(latency, 0, "time a read", "the latency");
  return latency + fetchedBytes(bytes, granularity) / bandwidth;
}

/**
 * How fast do reads of one size come from flash? Small reads spend their time waiting: half of the bandwidth is reached at
 * latency × bandwidth bytes, and below it throughput grows in step with the size. That is why neurons are read in bundles,
 * and files in megabytes.
 *
 * Requests that are under way together share the wait: `depth` of them bring `depth` reads in the time of one, up to the
 * bandwidth, and up to what the drive answers in a second. A phone's queue holds 32, a server's drive thousands.
 *
 * @param bytes Of one read, a whole number.
 * @param depth Reads under way at once. Default 1.
 * @throws {RangeError} when a value is out of range.
 * @example Reads of 4 KiB on a drive of 7.45 GB/s: alone 50 MB/s, 32 at once 1.6 GB/s
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findMemory } from "@fewer-bytes/catalog";
 * import { readThroughput } from "@fewer-bytes/offload";
 *
 * const drive = findMemory("samsung-990-pro");
 * assertAlmostEquals(readThroughput(drive, 4096) / 1e6, 50.9, 0.1);
 * assertAlmostEquals(readThroughput(drive, 4096, 32) / 1e9, 1.63, 0.01);
 * assertAlmostEquals(readThroughput(drive, 2 ** 24) / 1e9, 7.19, 0.01);
 * ```
 */
export function readThroughput(flash: FlashReads, bytes: Bytes, depth = 1): BytesPerSecond {
  const { bandwidth, granularity = 1, operations } = flash;
  requireInteger(depth, 1, "read flash", "the depth");
  if (operations !== undefined) requirePositive(operations, "read flash", "operations");
  const fetched = fetchedBytes(bytes, granularity);
  const rate = Math.min(
    bandwidth,
    depth * fetched / readSeconds(flash, bytes),
    operations === undefined ? Infinity : operations * fetched,
  );
  return rate * bytes / fetched;
}

/**
 * How large must reads be, so that they reach a share of the bandwidth? share × latency × bandwidth / (depth − share): one
 * latency's worth of bytes for a half, 19 for 95 %.
 *
 * @param share Above 0 and below 1.
 * @param depth Reads under way at once. Default 1.
 * @throws {RangeError} when a value is out of range.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { readSizeFor } from "@fewer-bytes/offload";
 *
 * const flash = { bandwidth: 6e9, latency: 100e-6 };
 * assertAlmostEquals(readSizeFor(flash, 0.5), 600e3, 1e-6);
 * assertAlmostEquals(readSizeFor(flash, 0.95), 19 * 600e3, 1e-3);
 * ```
 */
export function readSizeFor(flash: FlashReads, share: number, depth = 1): Bytes {
  const { bandwidth, latency = 0 } = flash;
  requirePositive(bandwidth, "size reads", "the bandwidth");
  requireAtLeast(latency, 0, "size reads", "the latency");
  requireInteger(depth, 1, "size reads", "the depth");
  if (!(share > 0 && share < 1)) {
    throw new RangeError(
      `Cannot size reads as the share of the bandwidth must be above 0 and below 1: current value is ${share}`,
    );
  }
  return share * latency * bandwidth / (depth - share);
}
