import type { Hardware, NumberFormat } from "../../catalog/mod.ts";
import { peakRate } from "../../roofline/mod.ts";
import {
  type Bytes,
  type Flop,
  type Joules,
  requireAtLeast,
  type Seconds,
  type Watts,
} from "../../units/mod.ts";

/** What a device spends: something always, something for each byte and each operation. */
export interface EnergyModel {
  readonly idle: Watts;
  readonly perByte: Joules;
  readonly perFlop: Joules;
}

/** A byte from stacked memory: 3.97 pJ for each bit. */
const memoryJoulesPerByte = 32e-12;

/**
 * An energy model from a datasheet's one figure: a device that computes and moves at both peaks draws its thermal design
 * power; a quarter of that flows when nothing happens; a byte from stacked memory costs 32 pJ (3.97 pJ per bit: O'Connor
 * et al., "Fine-Grained DRAM", MICRO 2017); the operations share the rest.
 *
 * It is a rough model, good for comparing two schedules on one device, and for nothing else.
 *
 * @throws {RangeError} when the vendor publishes no power, or the share is not from 0 to 1.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware } from "@fewer-bytes/catalog";
 * import { energyModel } from "@fewer-bytes/serving";
 *
 * const { idle, perByte } = energyModel(findHardware("nvidia-h100-sxm"));
 * assertAlmostEquals(idle, 175, 1e-9);
 * assertAlmostEquals(perByte * 3.35e12, 107, 1); // watts of memory at full bandwidth
 * ```
 */
export function energyModel(
  hardware: Hardware,
  format: NumberFormat = "bf16",
  idleShare = 0.25,
): EnergyModel {
  const { power, memory } = hardware;
  if (power === undefined) {
    throw new RangeError(`Cannot model energy as ${hardware.id} must have a published power`);
  }
  requireAtLeast(idleShare, 0, "model energy", "the idle share");
  const perByte = memoryJoulesPerByte;
  const rest = power * (1 - idleShare) - perByte * memory[0].bandwidth;
  if (!hasEnergyModel(hardware, idleShare)) {
    throw new RangeError(
      `Cannot model energy as idle power and memory must stay below the power of ${hardware.id}: ` +
        `current value of the rest is ${rest} W`,
    );
  }
  return { idle: power * idleShare, perByte, perFlop: rest / peakRate(hardware, format) };
}

/** Whether a device has a published power that leaves room for its memory at full bandwidth. */
export function hasEnergyModel({ power, memory }: Hardware, idleShare = 0.25): boolean {
  return power !== undefined &&
    power * (1 - idleShare) >= memoryJoulesPerByte * memory[0].bandwidth;
}

/** The energy of some work in some time, on so many devices that share it evenly. */
export function energyOf(
  { idle, perByte, perFlop }: EnergyModel,
  work: { readonly seconds: Seconds; readonly bytes: Bytes; readonly flops: Flop },
  devices = 1,
): Joules {
  return devices * (idle * work.seconds + perByte * work.bytes + perFlop * work.flops);
}
