import { formula } from "../../numeric/mod.ts";
import {
  type BytesPerSecond,
  type FlopPerByte,
  type FlopPerSecond,
  requireAtLeast,
  requirePositive,
} from "../../units/mod.ts";

/** What a device reaches while it waits for transfers, as it is printed and computed. */
export const offloadEfficiencyFormula = formula(
  "efficiency = ait * bw / (ait * bw + peak)",
  {
    efficiency: "share of the time that is spent computing",
    ait: "operations for each byte that is moved (arithmetic intensity)",
    bw: "bytes per second",
    peak: "operations per second that the device reaches by itself",
  },
);

/** Operations for each byte of weights and gradients, as it is printed and computed. */
export const parameterIntensityFormula = formula("ait = seq * bsz", {
  ait: "operations for each byte of 16-bit weights and gradients",
  seq: "tokens of a sequence",
  bsz: "sequences on one device",
});

/** Operations for each byte of the optimizer's state. */
export const optimizerIntensityFormula = formula("ait = seq * bsz / 4", {
  ...parameterIntensityFormula.symbols,
  ait: "operations for each byte of the optimizer's state",
});

/** Operations for each byte of the activations that are kept. */
export const activationIntensityFormula = formula("ait = 24 * hd * ci", {
  ait: "operations for each byte of kept layer inputs",
  hd: "width of the hidden state",
  ci: "layers between two inputs that are kept",
});

/**
 * How busy is a device whose data come from elsewhere, when it computes and waits in turn? Computing takes work / peak,
 * waiting takes work / (intensity · bandwidth): the share of the first is `ait·bw / (ait·bw + peak)`.
 *
 * Source: Rajbhandari et al., "ZeRO-Infinity" (2021), section 4.
 *
 * @throws {RangeError} when a value is not above zero.
 * @example The paper's first reading: 70 GB/s for weights and gradients are half the peak of a V100, with one sequence
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { offloadEfficiency } from "@fewer-bytes/training";
 *
 * assertAlmostEquals(offloadEfficiency(1024, 70e9, 70e12), 0.506, 0.001);
 * ```
 */
export function offloadEfficiency(
  intensity: FlopPerByte,
  bandwidth: BytesPerSecond,
  peak: FlopPerSecond,
): number {
  requirePositive(intensity, "find the efficiency of offloading", "the intensity");
  requireAtLeast(bandwidth, 0, "find the efficiency of offloading", "the bandwidth");
  requirePositive(peak, "find the efficiency of offloading", "the peak");
  return intensity * bandwidth / (intensity * bandwidth + peak);
}

/**
 * Which bandwidth gives an efficiency? The other way around: `e / (1 − e) · peak / ait`.
 *
 * @throws {RangeError} when the efficiency is not between 0 and 1.
 * @example A tenfold faster device needs tenfold the bandwidth
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { requiredBandwidth } from "@fewer-bytes/training";
 *
 * assertAlmostEquals(requiredBandwidth(0.5, 1024, 70e12) / 1e9, 68.4, 0.1);
 * assertAlmostEquals(requiredBandwidth(0.5, 1024, 700e12) / 1e9, 684, 1);
 * ```
 */
export function requiredBandwidth(
  efficiency: number,
  intensity: FlopPerByte,
  peak: FlopPerSecond,
): BytesPerSecond {
  requirePositive(intensity, "find the required bandwidth", "the intensity");
  requirePositive(peak, "find the required bandwidth", "the peak");
  if (!(efficiency > 0 && efficiency < 1)) {
    throw new RangeError(
      `Cannot find the required bandwidth as the efficiency must lie between 0 and 1: current value is ${efficiency}`,
    );
  }
  return efficiency / (1 - efficiency) * peak / intensity;
}
