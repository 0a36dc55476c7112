import type { Random } from "../../numeric/mod.ts";
import { type Bytes, requireInteger } from "../../units/mod.ts";

/** Whether reads follow one another in the file, or lie anywhere. */
export type ReadPattern = "sequential" | "random";

/** One read of a plan. */
export interface PlannedRead {
  readonly pattern: ReadPattern;
  readonly bytes: Bytes;
  /** Where it begins in the file. */
  readonly offset: Bytes;
}

/** What shall be measured. */
export interface ReadPlan {
  readonly fileBytes: Bytes;
  /** The sizes of reads. */
  readonly sizes: readonly Bytes[];
  /** What is read of each size in each pattern, at least one read. */
  readonly bytesPerSize: Bytes;
  /** Reads of one size in one pattern at most. */
  readonly mostReads: number;
  /** What offsets are a multiple of. Default 4096: a page. */
  readonly alignment?: Bytes;
}

const patterns: readonly ReadPattern[] = ["sequential", "random"];

/**
 * Which reads measure a disk? For each size some that follow one another, and some in any order at offsets drawn at random.
 *
 * No byte is read twice, since the second time it would come from memory: each size has a part of the file to itself. For the
 * same reason a file that was just written, or read, measures memory and not the disk. Take one that has not been touched
 * since the machine started, or one that is larger than memory.
 *
 * @returns Reads in the order in which they are to be done; random ones in random order.
 * @throws {RangeError} when the file is too small for them, or a value is not a whole number from 1.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { planReads } from "@fewer-bytes/offload";
 *
 * const plan = planReads({ fileBytes: 2 ** 26, sizes: [4096, 2 ** 20], bytesPerSize: 2 ** 23, mostReads: 64 }, seeded(1));
 * assertEquals(plan.length, 2 * (64 + 8)); // 64 of 4 KiB and 8 of 1 MiB, in both patterns
 * assertEquals(plan[1]!.offset - plan[0]!.offset, 4096);
 * ```
 */
export function planReads(plan: ReadPlan, random: Random): PlannedRead[] {
  const { fileBytes, sizes, bytesPerSize, mostReads, alignment = 4096 } = plan;
  for (const [name, value] of Object.entries({ fileBytes, bytesPerSize, mostReads, alignment })) {
    requireInteger(value, 1, "plan reads", name);
  }
  requireInteger(sizes.length, 1, "plan reads", "the number of sizes");
  const parts = sizes.flatMap((bytes) => {
    requireInteger(bytes, 1, "plan reads", "a size");
    const reads = Math.max(1, Math.min(mostReads, Math.floor(bytesPerSize / bytes)));
    const slot = Math.ceil(bytes / alignment) * alignment;
    return patterns.map((pattern) => ({ pattern, bytes, reads, slot }));
  });
  const slots = parts.reduce((sum, { reads, slot }) => sum + reads * slot, 0);
  if (slots > fileBytes) {
    throw new RangeError(
      `Cannot plan reads as the file must hold ${slots} bytes, so that none is read twice: current value is ${fileBytes}`,
    );
  }
  const spread = fileBytes / slots;
  let begin = 0;
  return parts.flatMap(({ pattern, bytes, reads, slot }) => {
    const start = begin;
    const room = pattern === "sequential" ? reads : Math.floor(reads * spread);
    begin += Math.floor(reads * spread) * slot;
    const places = Array.from({ length: room }, (_, index) => index);
    const chosen = pattern === "sequential" ? places : random.shuffle(places).slice(0, reads);
    return chosen.map((place) => ({ pattern, bytes, offset: start + place * slot }));
  });
}
