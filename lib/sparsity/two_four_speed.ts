import { bytesPerValue, type Hardware, type NumberFormat, type Storage } from "../catalog/mod.ts";
import { peakRate } from "../roofline/mod.ts";
import type { Operator } from "../transformer/mod.ts";
import type { FlopPerSecond } from "../units/mod.ts";
import { twoFourShare } from "./two_four_bytes.ts";

const tensorCore: readonly NumberFormat[] = [
  "tf32",
  "fp16",
  "bf16",
  "fp8",
  "fp6",
  "fp4",
  "int8",
  "int4",
];

/** Formats whose datasheets print a rate for 2:4 beside the dense one, twice as high, by architecture. */
const sparseFormats: Readonly<Record<string, readonly NumberFormat[]>> = {
  "Ampere": tensorCore,
  "Ada Lovelace": tensorCore,
  "Hopper": tensorCore,
  "Blackwell": tensorCore,
  "CDNA 3": ["tf32", "fp16", "bf16", "fp8", "int8"],
  "CDNA 3 and Zen 4": ["tf32", "fp16", "bf16", "fp8", "int8"],
  "CDNA 4": ["fp16", "bf16", "fp8", "int8"],
};

/**
 * How fast does this device compute at 2:4? The catalog holds dense rates alone; a sparse one is twice that, on the
 * architectures and in the formats where the datasheet says so, and the dense one everywhere else.
 *
 * The rate counts the multiplications with zeros as if they were done. A format that a device has no units for is done
 * in a wider one; see `peakRate`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { sparseRate } from "@fewer-bytes/sparsity";
 *
 * assertEquals(sparseRate(findHardware("nvidia-a100-sxm-80gb"), "bf16"), 624e12);
 * assertEquals(sparseRate(findHardware("nvidia-t4"), "fp16"), 65e12); // dense: no sparse units
 * ```
 */
export function sparseRate(hardware: Hardware, format: NumberFormat): FlopPerSecond {
  const formats = sparseFormats[hardware.architecture] ?? [];
  const substituted = hardware.peak[format] === undefined && bytesPerValue(format) <= 2;
  const doubles = formats.includes(format) || (substituted && formats.length > 0);
  return peakRate(hardware, format) * (doubles ? 2 : 1);
}

/** The operators that pruning touches: the matrices of the layers. The embedding, the head and routers are left dense. */
export const prunedOperators: readonly string[] = [
  "queries, keys, values",
  "attention output",
  "feed-forward up",
  "feed-forward down",
  "experts",
  "shared experts",
];

/**
 * What changes in the operator table at 2:4? Weights shrink to `1/2 + 1/bits` of their bytes; the arithmetic halves
 * where the hardware has units that skip zeros. Activations and cache stay.
 *
 * So "twice as fast" holds for what waits for arithmetic, such as a long prefill. What waits for weights, such as
 * decoding alone, gains the bytes: 16/9 = 1.78 at 16 bits, at most. What waits for cache gains nothing.
 *
 * @param table Of one step, from `operators`.
 * @param weights How the dense weights of this table are stored.
 * @param names The operators that are pruned. Default {@linkcode prunedOperators}.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { stepTime } from "@fewer-bytes/roofline";
 * import { operators } from "@fewer-bytes/transformer";
 * import { twoFourOperators } from "@fewer-bytes/sparsity";
 *
 * const hardware = findHardware("nvidia-h100-sxm");
 * const dense = operators(findModel("llama-3.1-70b"), { phase: "decode", batch: 1, newTokens: 1, context: 100 });
 * const sparse = twoFourOperators(dense, hardware, "bf16");
 * const gain = stepTime(dense, hardware).seconds / stepTime(sparse, hardware).seconds;
 * assertAlmostEquals(gain, 16 / 9, 0.04); // a little less: the head stays dense
 * ```
 */
export function twoFourOperators(
  table: readonly Operator[],
  hardware: Hardware,
  weights: Storage,
  names: readonly string[] = prunedOperators,
): Operator[] {
  return table.map((row) => {
    if (!names.includes(row.name)) return row;
    const gain = sparseRate(hardware, row.precision) / peakRate(hardware, row.precision);
    const bytes = { ...row.bytes, weights: row.bytes.weights * twoFourShare(weights) };
    return { ...row, flops: row.flops / gain, bytes };
  });
}
