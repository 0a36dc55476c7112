import type { Hardware, NumberFormat } from "../catalog/mod.ts";
import { formula } from "../numeric/mod.ts";
import { type FlopPerByte, type FlopPerSecond, requireAtLeast } from "../units/mod.ts";
import { peakRate } from "./peak_rate.ts";

/** The ridge point as it is printed and computed. */
export const ridgePointFormula = formula("ridge = peak / bandwidth", {
  ridge: "operations for each byte at which both limits meet",
  peak: "operations per second",
  bandwidth: "bytes per second from memory",
});

/** The roofline as it is printed and computed. */
export const attainableRateFormula = formula("rate = min(peak, intensity * bandwidth)", {
  rate: "operations per second that can be reached",
  peak: "operations per second",
  intensity: "operations for each byte moved",
  bandwidth: "bytes per second from memory",
});

/**
 * How many operations must follow each byte to keep this device busy?
 *
 * Below the ridge the device waits for memory, above it memory waits for the device. It differs with the format, since
 * narrow formats compute faster: take the ridge at the format that the work is done in.
 *
 * Source: Williams, Waterman and Patterson, "Roofline" (CACM 52(4), 2009).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { ridgePoint } from "@fewer-bytes/roofline";
 *
 * assertEquals(ridgePoint(findHardware("nvidia-b200"), "fp8"), 562.5);
 * ```
 */
export function ridgePoint(hardware: Hardware, format: NumberFormat = "bf16"): FlopPerByte {
  return peakRate(hardware, format) / hardware.memory[0].bandwidth;
}

/**
 * How fast can work of this intensity run? At most at the peak, and at most as fast as memory feeds it.
 *
 * @throws {RangeError} when the intensity is negative or no number.
 */
export function attainableRate(
  hardware: Hardware,
  intensity: FlopPerByte,
  format: NumberFormat = "bf16",
): FlopPerSecond {
  requireAtLeast(intensity, 0, "find the attainable rate", "the intensity");
  return Math.min(peakRate(hardware, format), intensity * hardware.memory[0].bandwidth);
}
