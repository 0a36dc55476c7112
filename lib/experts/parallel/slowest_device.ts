import type { Hardware, Model } from "../../catalog/mod.ts";
import { operatorTime } from "../../roofline/mod.ts";
import type { Formats } from "../../transformer/mod.ts";
import { requireInteger, type Seconds, type Tokens } from "../../units/mod.ts";
import { expertOperator } from "../reading/expert_operator.ts";

/**
 * How long do a layer's experts take on several devices, each with its own? All wait for the slowest; the mean is what an even
 * spread of the same work would take.
 *
 * Where experts wait for their weights, a device with more tokens is no slower, only one with more experts that are picked at
 * all. Imbalance hurts where there is arithmetic to wait for: prompts, and very large batches.
 *
 * @param loads Tokens of each expert; neighbors stand on one device.
 * @throws {RangeError} when experts do not divide evenly among the devices.
 * @example The same skew costs a small batch of Mixtral little, and a large one much
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { slowestDevice } from "@fewer-bytes/experts";
 *
 * const [model, hardware] = [findModel("mixtral-8x7b"), findHardware("nvidia-h100-sxm")];
 * const waste = (tokens: number) => {
 *   const loads = [8, 2, 1, 1, 1, 1, 1, 1].map((share) => share * tokens);
 *   const { slowest, mean } = slowestDevice(model, loads, hardware, 8);
 *   return slowest / mean;
 * };
 * assert(waste(1) < 1.01 && waste(4096) > 3.9);
 * ```
 */
export function slowestDevice(
  model: Model,
  loads: readonly Tokens[],
  hardware: Hardware,
  devices: number,
  formats?: Formats,
): { readonly slowest: Seconds; readonly mean: Seconds } {
  requireInteger(devices, 1, "time experts", "the devices");
  const own = loads.length / devices;
  if (!Number.isInteger(own) || own === 0) {
    throw new RangeError(
      `Cannot time experts as ${loads.length} must divide evenly among devices: current value is ${devices}`,
    );
  }
  const times = new Array<Seconds>(devices).fill(0);
  loads.forEach((tokens, expert) => {
    const { seconds } = operatorTime(expertOperator(model, tokens, formats), hardware);
    times[Math.floor(expert / own)]! += seconds;
  });
  return {
    slowest: Math.max(...times),
    mean: times.reduce((a, b) => a + b, 0) / devices,
  };
}
