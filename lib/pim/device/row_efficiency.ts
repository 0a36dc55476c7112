import type { PimDevice } from "../../catalog/mod.ts";
import { formula } from "../../numeric/mod.ts";
import { type Bytes, requirePositive } from "../../units/mod.ts";

/** The share of time in which a bank gives data, as it is printed and computed. */
export const rowEfficiencyFormula = formula("share = (used / rate) / (used / rate + activation)", {
  share: "of the time in which the bank gives data",
  used: "bytes that are used of each opened row",
  rate: "bytes a second that the unit reads",
  activation: "seconds to close a row and open the next",
});

/**
 * Which share of the internal bandwidth is left after opening rows?
 *
 * A bank gives data only from its open row, of 1 or 2 KiB. A unit that reads 32 bytes a nanosecond is through with 2 KiB
 * after 64 ns, and then waits 44 ns for the next row: of the 512 GB/s of a GDDR6-AiM channel 303 are left. The pins of an
 * ordinary memory hide this, as other banks give data meanwhile; with a unit in each bank there are no other banks. A
 * unit that serves more banks than it reads at once has its next row open in time.
 *
 * Rows of which only a part is used make it worse: hence the mappings that lay a matrix row by row into the banks.
 *
 * @param used Bytes used of each row. Default: all of it.
 * @returns From 0 to 1; 1 where the device's rows are not known.
 * @throws {RangeError} when more than a row, or nothing, is used of a row.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findPim } from "@fewer-bytes/catalog";
 * import { rowEfficiency } from "@fewer-bytes/pim";
 *
 * const aim = findPim("sk-hynix-gddr6-aim");
 * assertAlmostEquals(rowEfficiency(aim), 64 / 108, 1e-9);
 * assertAlmostEquals(rowEfficiency(aim, 256), 8 / 52, 1e-9); // one head of 128 values in each row
 * ```
 */
export function rowEfficiency({ pim }: PimDevice, used?: Bytes): number {
  const { row, level, bytesPerCycle, clock, powerShare } = pim;
  if (used !== undefined) requirePositive(used, "find the share of time", "used");
  if (!row || level === "bank group" || level === "buffer" || level === "logic die") return 1;
  const read = used ?? row.bytes;
  if (read > row.bytes) {
    throw new RangeError(
      `Cannot find the share of time as used must be <= a row of ${row.bytes} bytes: current value is ${read}`,
    );
  }
  const streaming = read / (bytesPerCycle * clock * powerShare);
  return streaming / (streaming + row.activation);
}
