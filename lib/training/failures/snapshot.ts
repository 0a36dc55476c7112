import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requireInteger,
  requirePositive,
  type Seconds,
} from "../../units/mod.ts";

/**
 * How long does a snapshot take? Its bytes over all paths at once, each taking a share that lets all end together: a link
 * to the host, a network, several SSDs (ParaCkpt).
 *
 * @param bytes Of one device: 16 for each of its parameters, or 14 without gradients, which need not survive.
 * @param paths Bytes per second of each path, as this device has them to itself.
 * @param hidden Seconds of it that pass behind computation. Default 0.
 * @returns Seconds that training stands still.
 * @throws {RangeError} when there is no path, or a value is out of range.
 * @example 70 billion parameters on 512 devices: less than a tenth of a second to the host, three minutes to 5 GB/s that all share
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { snapshotSeconds } from "@fewer-bytes/training";
 *
 * const bytes = 14 * 70e9 / 512;
 * assertAlmostEquals(snapshotSeconds(bytes, [25e9]), 0.077, 0.001);
 * assertAlmostEquals(snapshotSeconds(bytes, [5e9 / 512]), 196, 1e-6);
 * ```
 */
export function snapshotSeconds(
  bytes: Bytes,
  paths: readonly BytesPerSecond[],
  hidden: Seconds = 0,
): Seconds {
  requireAtLeast(bytes, 0, "time a snapshot", "the bytes");
  requireAtLeast(hidden, 0, "time a snapshot", "the hidden seconds");
  if (paths.length === 0) {
    throw new RangeError("Cannot time a snapshot as there must be a path: there is none");
  }
  const rate = paths.reduce(
    (sum, bandwidth) => sum + requirePositive(bandwidth, "time a snapshot", "a bandwidth"),
    0,
  );
  return Math.max(0, bytes / rate - hidden);
}

/**
 * Do snapshots in the memories of machines survive when machines fail? In groups with parity, as many of a group may fail
 * at once as it has parities; a plain copy in the own machine is a group of one with none.
 *
 * @param group Machines of a group, and how many of them may be lost.
 * @param groups Groups, each of which must survive.
 * @param probability That one machine fails before a new snapshot is complete.
 * @returns The probability that nothing is lost.
 * @throws {RangeError} when a number is out of range.
 * @example A hundred machines, each failing with one in a thousand: parity makes a loss two hundred times rarer
 * ```ts
 * import { assert } from "@std/assert";
 * import { survivalProbability } from "@fewer-bytes/training";
 *
 * const plain = survivalProbability({ machines: 1, parities: 0 }, 100, 1e-3);
 * const coded = survivalProbability({ machines: 10, parities: 1 }, 10, 1e-3);
 * assert((1 - plain) / (1 - coded) > 200);
 * ```
 */
export function survivalProbability(
  { machines, parities }: { readonly machines: number; readonly parities: number },
  groups: number,
  probability: number,
): number {
  requireInteger(machines, 1, "find the survival of snapshots", "the machines of a group");
  requireInteger(parities, 0, "find the survival of snapshots", "the parities");
  requireInteger(groups, 1, "find the survival of snapshots", "the groups");
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(
      `Cannot find the survival of snapshots as the probability must lie between 0 and 1: current value is ${probability}`,
    );
  }
  if (parities >= machines) return 1;
  let one = 0, ways = 1;
  for (let failed = 0; failed <= parities; failed++) {
    one += ways * probability ** failed * (1 - probability) ** (machines - failed);
    ways *= (machines - failed) / (failed + 1);
  }
  return one ** groups;
}
