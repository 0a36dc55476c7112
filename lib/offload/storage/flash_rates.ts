import type { ComputingDrive, PimDevice } from "../../catalog/mod.ts";
import { formula } from "../../numeric/mod.ts";
import { type BytesPerSecond, requirePositive } from "../../units/mod.ts";

/** What all dies of a drive read, as it is printed and computed. */
export const arrayRateFormula = formula("rate = channels * chips * dies * page / read", {
  rate: "bytes per second that all dies read into their registers",
  channels: "of the drive",
  chips: "on each channel",
  dies: "in each chip, with one page each at a time",
  page: "bytes of a page",
  read: "seconds until a page is in its register",
});

/** How fast a drive is, from the inside out. */
export interface FlashRates {
  /** Into the registers of its dies; absent where the array is not known. */
  readonly array?: BytesPerSecond;
  /** Over all channels, to the controller. */
  readonly channels: BytesPerSecond;
  /** Out of the drive. */
  readonly link: BytesPerSecond;
}

/**
 * How fast is a drive at each step of the way out? Many dies read at once, a few channels bring what they read to the
 * controller, one link brings it to the host: a funnel. A processor further in sees more.
 *
 * @throws {RangeError} when a rate is not above zero.
 * @example Eight times as much at the dies as on the channels; a third more on the channels than on PCIe
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { findComputingDrive } from "@fewer-bytes/catalog";
 * import { flashRates } from "@fewer-bytes/offload";
 *
 * const { array, channels } = flashRates(findComputingDrive("cambricon-llm-l"));
 * assertAlmostEquals(array! / 1e9, 279.6, 0.1);
 * assertEquals(channels, 32e9);
 * const csd = flashRates(findComputingDrive("instinfer-csd"));
 * assertEquals([csd.channels, csd.link], [11.2e9, 7e9]);
 * ```
 */
export function flashRates(drive: ComputingDrive): FlashRates {
  const { channels, channelRate, array, link } = drive;
  const over = channels * requirePositive(channelRate, "rate a drive", "channelRate");
  return {
    ...(array && {
      array: channels * array.chips * array.dies * array.cores *
        requirePositive(array.page, "rate a drive", "the page") /
        requirePositive(array.read, "rate a drive", "the seconds of a page"),
    }),
    channels: over,
    link: link === undefined ? over : requirePositive(link, "rate a drive", "the link"),
  };
}

/**
 * The drive as memory that computes, so that everything of lib/pim holds for it: `pimTime`, `assignOperators`, the
 * break-even. A core at a die reads one page in each cycle of tens of microseconds; a controller reads its channels.
 *
 * @throws {RangeError} when a rate is not above zero.
 * @example Attention of OPT-13B in the controller waits for flash, not for arithmetic
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findComputingDrive, findModel } from "@fewer-bytes/catalog";
 * import { pimTime } from "@fewer-bytes/pim";
 * import { operators } from "@fewer-bytes/transformer";
 * import { driveAsMemory } from "@fewer-bytes/offload";
 *
 * const step = { phase: "decode", batch: 64, newTokens: 1, context: 1024 } as const;
 * const attention = operators(findModel("opt-13b"), step, {
 *   formats: { weights: "fp16", cache: "fp16", activations: "fp16" },
 * }).find(({ name }) => name === "attention")!;
 * assertEquals(pimTime(attention, driveAsMemory(findComputingDrive("instinfer-csd"))).bound, "memory");
 * ```
 */
export function driveAsMemory(drive: ComputingDrive): PimDevice {
  const { id, name, processor, channels, array, capacity = Infinity, format, peak } = drive;
  const rates = flashRates(drive);
  const inside = processor === "die" ? rates.array! : rates.channels;
  const units = processor === "die"
    ? channels * array!.chips * array!.dies * array!.cores
    : channels;
  const clock = processor === "die" ? 1 / array!.read : 1;
  return {
    id,
    name,
    vendor: name,
    kind: "pim",
    architecture: "NAND flash",
    year: 2024,
    peak: { [format]: peak },
    memory: [{ name: `${name}, read inside`, capacity, bandwidth: inside }],
    links: [{ name: `${name}, to the host`, bandwidth: rates.link }],
    sources: [],
    pim: {
      level: processor === "die" ? "bank" : "buffer",
      units,
      bytesPerCycle: inside / units / clock,
      flopsPerCycle: peak / units / clock,
      clock,
      powerShare: 1,
      external: processor === "die" ? rates.channels : rates.link,
      command: 0,
      hostAccess: processor === "die" ? "dual row buffers" : "bank bundles",
      sources: [],
    },
  };
}
