import { type Hardware, type NumberFormat, numberFormats } from "../catalog/mod.ts";
import type { FlopPerSecond } from "../units/mod.ts";

/**
 * Formats in which a device can do the work of another: the format itself, then wider ones. TPUs and some others state
 * no rate for single precision; the work that asks for it waits for memory anyway, so their matrix rate does no harm.
 */
const substitutes: Record<NumberFormat, readonly NumberFormat[]> = {
  fp64: ["fp64"],
  fp32: ["fp32", "tf32", "bf16", "fp16"],
  tf32: ["tf32", "fp32"],
  fp16: ["fp16", "bf16", "tf32", "fp32"],
  bf16: ["bf16", "fp16", "tf32", "fp32"],
  fp8: ["fp8", "bf16", "fp16", "tf32", "fp32"],
  fp6: ["fp6", "fp8", "bf16", "fp16", "tf32", "fp32"],
  fp4: ["fp4", "fp6", "fp8", "bf16", "fp16", "tf32", "fp32"],
  int8: ["int8", "bf16", "fp16", "tf32", "fp32"],
  int4: ["int4", "int8", "bf16", "fp16", "tf32", "fp32"],
  int3: ["int4", "int8", "bf16", "fp16", "tf32", "fp32"],
  int2: ["int4", "int8", "bf16", "fp16", "tf32", "fp32"],
};

/**
 * How fast does this device compute in a format? Where it has no units for the format, it converts and computes in the
 * next wider one that it has: an A100 has no FP8 units, so FP8 values are multiplied at its BF16 rate.
 *
 * @throws {RangeError} when it has no suitable units at all.
 */
export function peakRate(hardware: Hardware, format: NumberFormat): FlopPerSecond {
  for (const candidate of substitutes[format] ?? []) {
    const rate = hardware.peak[candidate];
    if (rate !== undefined) return rate;
  }
  throw new RangeError(
    `Cannot compute in ${format} on ${hardware.id}: its formats are ${
      numberFormats.filter((name) => hardware.peak[name]).join(", ")
    }`,
  );
}
