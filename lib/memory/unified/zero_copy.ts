import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requirePositive,
  type Seconds,
} from "../../units/mod.ts";

/** The same work with two memories and with one. */
export interface ZeroCopy {
  /** Copied over the link, then read from the device's memory. */
  readonly copied: Seconds;
  /** Read where it lies. */
  readonly shared: Seconds;
  readonly speedup: number;
  /** What both memories hold together, over what one holds. */
  readonly footprint: number;
}

/**
 * What is gained when processor and accelerator share one memory? Data that a processor prepared need not be copied: the
 * copy takes bytes / link, and every later pass over them bytes / memory, in both cases alike. So an APU such as MI300A
 * gains most where data are touched once, and nothing in the long run of a decode, whose weights were copied long ago.
 *
 * @param bytes What the processor hands over.
 * @param passes How often the accelerator reads it.
 * @param link The bandwidth of the way between two memories.
 * @param memory The bandwidth of the accelerator's memory.
 * @throws {RangeError} when a value is out of range.
 * @example MI300A: a single pass is 84 times as fast, the weights of a thousand tokens hardly
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { zeroCopy } from "@fewer-bytes/memory";
 *
 * const { memory } = findHardware("amd-mi300a");
 * assertAlmostEquals(zeroCopy(16e9, 1, 64e9, memory[0].bandwidth).speedup, 83.8, 0.1);
 * assertAlmostEquals(zeroCopy(16e9, 1000, 64e9, memory[0].bandwidth).speedup, 1.08, 0.01);
 * ```
 */
export function zeroCopy(
  bytes: Bytes,
  passes: number,
  link: BytesPerSecond,
  memory: BytesPerSecond,
): ZeroCopy {
  requirePositive(bytes, "compare memories", "the bytes");
  requireAtLeast(passes, 1, "compare memories", "passes");
  requirePositive(link, "compare memories", "the bandwidth of the link");
  requirePositive(memory, "compare memories", "the bandwidth of the memory");
  const shared = passes * bytes / memory;
  const copied = bytes / link + shared;
  return { copied, shared, speedup: copied / shared, footprint: 2 };
}
