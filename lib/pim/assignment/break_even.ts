import type { Hardware, NumberFormat, PimDevice } from "../../catalog/mod.ts";
import { formula } from "../../numeric/mod.ts";
import { attainableRate, peakRate } from "../../roofline/mod.ts";
import { type FlopPerByte, requirePositive } from "../../units/mod.ts";
import { rowEfficiency } from "../device/row_efficiency.ts";

/** Where arithmetic in memory stops paying, as it is printed and computed. */
export const breakEvenFormula = formula("intensity = units / pins", {
  intensity: "operations for each byte at which both take equally long",
  units: "operations a second that the units in memory do",
  pins: "bytes a second that the processor reads over the pins",
});

/** How a device is compared. */
export interface BreakEvenOptions {
  /** Default bf16. */
  readonly format?: NumberFormat;
  /** Whether time to open rows is counted. Default: it is. */
  readonly rows?: boolean;
}

/**
 * Up to which intensity is work faster in memory than on a processor that reads the same bytes over its pins?
 *
 * Below it the processor waits for its pins, at intensity × pins operations a second. In memory the same work runs at
 * the units' peak at most. Both are equal at peak of the units ÷ bandwidth of the pins. For units that do one operation
 * for each byte that is the very gain in bandwidth: 4 for HBM-PIM, 9 for AttAcc, 16 for GDDR6-AiM. So attention of one
 * query to a key (1 operation a byte) wins, of eight queries hardly, absorbed latent attention (242) loses, and so does
 * every matrix product that serves more sequences than that.
 *
 * H2-LLM (ISCA 2025), figure 3, finds the same by simulation: 8 for LPDDR5-PIM.
 *
 * @returns 0 when memory is never faster, Infinity when always.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findPim } from "@fewer-bytes/catalog";
 * import { breakEvenIntensity } from "@fewer-bytes/pim";
 *
 * const gpu = findHardware("nvidia-h100-sxm"); // 3.35 TB/s
 * assertAlmostEquals(breakEvenIntensity(gpu, findPim("attacc-bank")), 9, 0.01);
 * assertAlmostEquals(breakEvenIntensity(gpu, findPim("duplex-logic-pim")), 31.8, 0.1);
 * ```
 */
export function breakEvenIntensity(
  processor: Hardware,
  device: PimDevice,
  { format = "bf16", rows = true }: BreakEvenOptions = {},
): FlopPerByte {
  const inside = device.memory[0].bandwidth * (rows ? rowEfficiency(device) : 1);
  const pins = processor.memory[0].bandwidth;
  const units = peakRate(device, format);
  if (inside <= pins) return 0;
  return units >= peakRate(processor, format) ? Infinity : units / pins;
}

/**
 * How many times as fast is work of an intensity in memory? The points of the figure: flat at the gain in bandwidth up to
 * the ridge of the units, then falling as 1 / intensity through 1 at the break-even, then flat again where the
 * processor computes at its peak.
 *
 * @throws {RangeError} when an intensity is not above zero.
 */
export function breakEvenPoints(
  processor: Hardware,
  device: PimDevice,
  intensities: readonly FlopPerByte[],
  { format = "bf16", rows = true }: BreakEvenOptions = {},
): { readonly intensity: FlopPerByte; readonly speedup: number }[] {
  const share = rows ? rowEfficiency(device) : 1;
  return intensities.map((intensity) => {
    requirePositive(intensity, "draw the break-even", "the intensity");
    const inside = Math.min(
      peakRate(device, format),
      intensity * device.memory[0].bandwidth * share,
    );
    return { intensity, speedup: inside / attainableRate(processor, intensity, format) };
  });
}
