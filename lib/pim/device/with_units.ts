import type { NumberFormat, PimDevice } from "../../catalog/mod.ts";
import { type Bytes, type Flop, requirePositive } from "../../units/mod.ts";

/** What a unit does in a cycle, and how many cycles there are. */
export interface UnitDesign {
  readonly bytesPerCycle: Bytes;
  readonly flopsPerCycle: Flop;
  /** Cycles a second. */
  readonly clock: number;
}

/**
 * The same memory with other units: its bandwidth and its peak follow from them.
 *
 * A logic die that is bonded to its memory has room for wires or for arithmetic. H2-LLM (ISCA 2025) searches such
 * designs, from 6.4 GB/s and 8 units of 16 multiply-adds a bank to 51.2 GB/s and 2; which is best depends on the
 * operations for each byte, thus on the batch.
 *
 * @throws {RangeError} when a value is not above zero.
 * @example Twice the wires and half the arithmetic: better for one sequence, worse for sixteen
 * ```ts
 * import { assert } from "@std/assert";
 * import { findPim } from "@fewer-bytes/catalog";
 * import { attainableRate } from "@fewer-bytes/roofline";
 * import { withUnits } from "@fewer-bytes/pim";
 *
 * const chosen = findPim("h2-llm"); // 25.6 GB/s, 8 x 16 multiply-adds at 600 MHz
 * const wide = withUnits(chosen, { bytesPerCycle: 51.2e9 / 600e6, flopsPerCycle: 128, clock: 600e6 });
 * assert(attainableRate(wide, 1, "fp16") > attainableRate(chosen, 1, "fp16"));
 * assert(attainableRate(wide, 16, "fp16") < attainableRate(chosen, 16, "fp16"));
 * ```
 */
export function withUnits(
  device: PimDevice,
  { bytesPerCycle, flopsPerCycle, clock }: UnitDesign,
): PimDevice {
  const design = { bytesPerCycle, flopsPerCycle, clock };
  for (const [name, value] of Object.entries(design)) requirePositive(value, "change units", name);
  const { pim, peak, memory: [main, ...rest] } = device;
  const cycles = pim.units * design.clock * pim.powerShare;
  const formats = Object.keys(peak) as NumberFormat[];
  const ratio = (format: NumberFormat) => peak[format]! / Math.max(...formats.map((f) => peak[f]!));
  return {
    ...device,
    peak: Object.fromEntries(
      formats.map((format) => [format, cycles * design.flopsPerCycle * ratio(format)]),
    ),
    memory: [{ ...main, bandwidth: cycles * design.bytesPerCycle }, ...rest],
    pim: { ...pim, ...design },
  };
}
