import type { Hardware, NumberFormat } from "../../catalog/mod.ts";
import { attainableRate, peakRate } from "../../roofline/mod.ts";
import { arithmeticIntensity, type Operator } from "../../transformer/mod.ts";
import type { FlopPerByte, FlopPerSecond } from "../../units/mod.ts";

/** What runs work of an intensity fastest. */
export interface Fastest {
  readonly hardware: Hardware;
  readonly rate: FlopPerSecond;
}

/**
 * Which of several roofs is the highest at this intensity? With units in the banks, on the logic die and on a processor
 * beside, each is the highest somewhere: banks below a few operations for each byte, the logic die up to a few dozen, the
 * processor beyond. Duplex (MICRO 2024) picks so for each layer.
 *
 * @throws {RangeError} when there is nothing to choose from.
 * @example Banks for one operation a byte, the logic die for ten, the GPU for a hundred
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware, findPim } from "@fewer-bytes/catalog";
 * import { fastestProcessor, withoutPowerLimit } from "@fewer-bytes/pim";
 *
 * const banks = withoutPowerLimit(findPim("attacc-bank"));
 * const all = [findHardware("nvidia-h100-sxm"), findPim("duplex-logic-pim"), banks];
 * assertEquals(
 *   [1, 10, 100].map((intensity) => fastestProcessor(all, intensity, "fp16").hardware.id),
 *   ["attacc-bank", "duplex-logic-pim", "nvidia-h100-sxm"],
 * );
 * ```
 */
export function fastestProcessor(
  choices: readonly Hardware[],
  intensity: FlopPerByte,
  format: NumberFormat = "bf16",
): Fastest {
  if (choices.length === 0) {
    throw new RangeError("Cannot choose a processor as there must be at least one: there is none");
  }
  return choices
    .map((hardware) => ({ hardware, rate: attainableRate(hardware, intensity, format) }))
    .reduce((best, next) => next.rate > best.rate ? next : best);
}

/**
 * From which intensity to which is each roof the highest? The bands of the figure, in order; a device that is never the
 * fastest has none. Between two roofs the change is where the lower peak meets the other's slope.
 *
 * @returns Bands without gaps from 0 to Infinity.
 */
export function fastestBands(
  choices: readonly Hardware[],
  format: NumberFormat = "bf16",
): { readonly hardware: Hardware; readonly from: FlopPerByte; readonly to: FlopPerByte }[] {
  // Roofs are straight between corners: the order changes only at crossings of a peak with a slope.
  const crossings = choices.flatMap((flat) =>
    choices.map((slope) => peakRate(flat, format) / slope.memory[0].bandwidth)
  );
  const edges = [0, ...new Set(crossings)].sort((a, b) => a - b);
  const bands: { hardware: Hardware; from: number; to: number }[] = [];
  edges.forEach((from, index) => {
    const to = edges[index + 1] ?? Infinity;
    const { hardware } = fastestProcessor(
      choices,
      to === Infinity ? 2 * from : (from + to) / 2,
      format,
    );
    const last = bands.at(-1);
    if (last?.hardware === hardware) last.to = to;
    else bands.push({ hardware, from, to });
  });
  return bands;
}

/** Operations for each byte of each operator that touches weights or caches, under its name: what Duplex calls Op/B. */
export function intensities(
  operators: readonly Operator[],
): { readonly name: string; readonly intensity: FlopPerByte }[] {
  return operators
    .filter(({ bytes, flops }) => flops > 0 && bytes.weights + bytes.cache > 0)
    .map((operator) => ({ name: operator.name, intensity: arithmeticIntensity(operator) }));
}
