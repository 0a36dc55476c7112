import { type Hardware, type NumberFormat, type PimDevice } from "../../catalog/mod.ts";
import { attainableRate } from "../../roofline/mod.ts";
import { type BytesPerSecond, type FlopPerByte, requirePositive } from "../../units/mod.ts";
import { rowEfficiency } from "../device/row_efficiency.ts";

/**
 * How many bytes a second can be scanned, at so many operations for each byte? The cores of UPMEM's modules read far more
 * than the pins give, but each is slow: one addition in six cycles, 0.083 for each byte that it can read. So a scan that
 * only compares, one operation for eight bytes, is bound by arithmetic already.
 *
 * @param operationsPerByte Above 0: 0.125 for one comparison of each 64-bit number.
 * @param format Default int8, the only one of UPMEM.
 * @throws {RangeError} when the intensity is not above zero, or a device lacks units for the format.
 * @example Twenty modules against a current CPU: five times for a bare scan, half as fast at one operation a byte
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findPim } from "@fewer-bytes/catalog";
 * import { scanRate, severalPims } from "@fewer-bytes/pim";
 *
 * const modules = severalPims(findPim("upmem-dimm"), 20);
 * const cpu = findHardware("intel-xeon-8480plus");
 * const gain = (intensity: number) => scanRate(modules, intensity) / scanRate(cpu, intensity);
 * assertAlmostEquals(gain(1 / 16), 5.4, 0.1);
 * assertAlmostEquals(gain(1), 0.49, 0.01);
 * ```
 */
export function scanRate(
  hardware: Hardware | PimDevice,
  operationsPerByte: FlopPerByte,
  format: NumberFormat = "int8",
): BytesPerSecond {
  requirePositive(operationsPerByte, "find the rate of a scan", "operationsPerByte");
  const share = "pim" in hardware ? rowEfficiency(hardware) : 1;
  return Math.min(
    hardware.memory[0].bandwidth * share,
    attainableRate(hardware, operationsPerByte, format) / operationsPerByte,
  );
}
