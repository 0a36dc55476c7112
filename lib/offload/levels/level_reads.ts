import { bytesPerValue, type Storage } from "../../catalog/mod.ts";
import { type Tier, tierBandwidth } from "../../memory/mod.ts";
import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requireInteger,
  type Seconds,
} from "../../units/mod.ts";

/** A level of a cache: the device's memory, DRAM, a drive. */
export interface CacheLevel {
  readonly tier: Tier;
  /** The share that is found here of what was not found before. The last level has all: 1. */
  readonly hits: number;
}

/** What is read at the levels of a cache. */
export interface LevelReads {
  /** From each level. */
  readonly bytes: readonly Bytes[];
  readonly times: readonly Seconds[];
  /** One level after the other. */
  readonly seconds: Seconds;
  /** All levels side by side, as when the next layer is fetched ahead. */
  readonly overlapped: Seconds;
  /** Bytes over seconds. */
  readonly bandwidth: BytesPerSecond;
}

/**
 * How fast are bytes read from several levels, each of which has a part? A chain of misses: the last level's share is small
 * and its bytes are slow. Ninety percent of hits in memory leave a drive that is a hundred times slower with nine tenths of
 * the time.
 *
 * @param bytes What is asked for.
 * @param levels Fastest first.
 * @throws {RangeError} when a share is not from 0 to 1, the last level has not all, or a bandwidth is not above zero.
 * @example HBM, DRAM behind PCIe, SSD
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { levelReads } from "@fewer-bytes/offload";
 *
 * const tier = (bandwidth: number) => ({ name: "", capacity: 1e12, bandwidth });
 * const levels = [
 *   { tier: tier(900e9), hits: 0.8 }, { tier: tier(16e9), hits: 0.9 }, { tier: tier(4e9), hits: 1 },
 * ];
 * const { seconds, bytes } = levelReads(10e9, levels);
 * assertAlmostEquals(bytes[2]!, 0.2e9, 1); // 2 %
 * assertAlmostEquals(seconds, 8 / 900 + 1.8 / 16 + 0.2 / 4, 1e-12);
 * ```
 */
export function levelReads(bytes: Bytes, levels: readonly CacheLevel[]): LevelReads {
  requireAtLeast(bytes, 0, "read levels", "the bytes");
  requireInteger(levels.length, 1, "read levels", "the number of levels");
  let left = bytes;
  const found = levels.map(({ hits }) => {
    if (!(hits >= 0 && hits <= 1)) {
      throw new RangeError(
        `Cannot read levels as hits must be from 0 to 1: current value is ${hits}`,
      );
    }
    const here = left * hits;
    left -= here;
    return here;
  });
  if (levels.at(-1)!.hits !== 1) {
    throw new RangeError(
      `Cannot read levels as the last one must hold everything: current value is ${
        levels.at(-1)!.hits
      }`,
    );
  }
  const times = found.map((own, index) => own / tierBandwidth(levels[index]!.tier));
  const seconds = times.reduce((sum, time) => sum + time, 0);
  return {
    bytes: found,
    times,
    seconds,
    overlapped: Math.max(...times),
    bandwidth: seconds === 0 ? Infinity : bytes / seconds,
  };
}

/** A part of the neurons of a token, and how they are stored. */
export interface PrecisionShare {
  readonly storage: Storage;
  /** Of all neurons of the network, from 0 to 1. */
  readonly share: number;
}

/**
 * How much is read, when the most important neurons of a token come in many bits, others in few, and the rest not at all?
 * The mean bytes for each weight of the network. It is one factor for the bytes, and nothing else changes.
 *
 * @throws {RangeError} when shares are negative, or more than 1 together.
 * @example M2Cache's idea: a tenth in 16 bits, another in 8, a fifth in 4, and six tenths left out
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { mixedBytes } from "@fewer-bytes/offload";
 *
 * const mean = mixedBytes([
 *   { storage: "fp16", share: 0.1 }, { storage: "int8", share: 0.1 }, { storage: "int4", share: 0.2 },
 * ]);
 * assertAlmostEquals(mean / 2, 0.2, 1e-12); // a fifth of 16 bits for all
 * ```
 */
export function mixedBytes(parts: readonly PrecisionShare[]): number {
  let mean = 0, all = 0;
  for (const { storage, share } of parts) {
    requireAtLeast(share, 0, "mix precisions", "a share");
    mean += share * bytesPerValue(storage);
    all += share;
  }
  if (all > 1 + 1e-9) {
    throw new RangeError(
      `Cannot mix precisions as shares must add up to at most 1: current value is ${all}`,
    );
  }
  return mean;
}
