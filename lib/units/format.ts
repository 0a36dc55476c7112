const decimal = ["", "k", "M", "G", "T", "P", "E", "Z"] as const;
const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi"] as const;
const small = ["", "m", "µ", "n", "p"] as const;

/** Three significant digits, without trailing zeros: 16.40 becomes "16.4", 1234.5 becomes "1,230". */
function digits(value: number, significant: number): string {
  const rounded = Number(value.toPrecision(significant));
  return Math.abs(rounded) >= 1000 ? rounded.toLocaleString("en-US") : String(rounded);
}

/**
 * How is a quantity written for a reader?
 *
 * Three significant digits and an SI prefix: thousands, never 1024s. Small values get m, µ, n or p. Values that are not
 * finite are written as they are, because a lesson that hides a NaN hides the bug.
 *
 * @param value The value in the base unit.
 * @param unit The base unit, such as "FLOP/s".
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatQuantity } from "@fewer-bytes/units";
 *
 * assertEquals(formatQuantity(3.35e12, "B/s"), "3.35 TB/s");
 * assertEquals(formatQuantity(0.0204, "s"), "20.4 ms");
 * assertEquals(formatQuantity(562.5, "FLOP/B"), "563 FLOP/B");
 * ```
 */
export function formatQuantity(value: number, unit: string, significant = 3): string {
  if (!Number.isFinite(value) || value === 0) return `${value} ${unit}`.trim();
  const size = Math.abs(Number(value.toPrecision(significant)));
  let power = Math.floor(Math.log10(size) / 3 + 1e-12);
  if (unit === "FLOP/B" || unit === "x" || unit === "") power = 0; // ratios carry no prefix
  power = Math.max(-(small.length - 1), Math.min(power, decimal.length - 1));
  const prefix = power >= 0 ? decimal[power] : small[-power];
  return `${digits(value / 1000 ** power, significant)} ${prefix}${unit}`.trim();
}

/**
 * How is an amount of data written? Whole numbers of KiB, MiB or GiB are said as such; all others in kB, MB, GB.
 *
 * Hardware and tensor shapes come in powers of two, datasheets and bandwidths in powers of ten. An exact power-of-two
 * size is shown exactly; everything else in decimal units, where 1 GB is 10⁹ bytes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatBytes } from "@fewer-bytes/units";
 *
 * assertEquals(formatBytes(147_456), "144 KiB");
 * assertEquals(formatBytes(16_381_470_720), "16.4 GB");
 * ```
 */
export function formatBytes(bytes: number, significant = 3): string {
  if (Number.isInteger(bytes) && bytes >= 1024) {
    const power = Math.min(Math.floor(Math.log2(bytes) / 10), binary.length - 1);
    const whole = bytes / 1024 ** power;
    if (Number.isInteger(whole)) return `${whole.toLocaleString("en-US")} ${binary[power]}B`;
  }
  return formatQuantity(bytes, "B", significant);
}
