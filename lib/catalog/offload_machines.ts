import { z } from "zod";
import entries from "../../data/offload.json" with { type: "json" };
import type { Bytes, BytesPerSecond, FlopPerSecond, Seconds } from "../units/mod.ts";
import { findEntry } from "./find_entry.ts";
import { type NumberFormat, numberFormats } from "./number_format.ts";
import { quantity } from "./quantity.ts";
import { factFields, factReader, type FactSource } from "./read_facts.ts";
import { readWhenAsked } from "./read_when_asked.ts";

/** How fast each kind of bytes goes one way. */
export interface KindRates {
  readonly weights: BytesPerSecond;
  readonly cache: BytesPerSecond;
  readonly activations: BytesPerSecond;
}

/** A device with a host and a disk, whose rates were fitted to runs. */
export interface MeasuredNode {
  readonly id: string;
  readonly name: string;
  /** Capacities. */
  readonly device: Bytes;
  readonly host: Bytes;
  readonly disk: Bytes;
  readonly hostToDevice: KindRates;
  readonly deviceToHost: KindRates;
  readonly diskToHost: KindRates;
  readonly hostToDisk: KindRates;
  /** Of products with weights, on the device. */
  readonly products: { readonly prefill: FlopPerSecond; readonly decode: FlopPerSecond };
  /** Of attention, on the device. */
  readonly attention: { readonly prefill: FlopPerSecond; readonly decode: FlopPerSecond };
  /** Of attention in decode steps, on the host. */
  readonly hostAttention: FlopPerSecond;
  readonly sources: readonly FactSource[];
}

/** A drive that computes: at each of its dies, or in the controller behind its channels. */
export interface ComputingDrive {
  readonly id: string;
  readonly name: string;
  readonly processor: "die" | "controller";
  readonly channels: number;
  readonly channelRate: BytesPerSecond;
  /** What each channel reads; known of drives that compute at their dies. */
  readonly array?: {
    readonly chips: number;
    /** Of a chip. */
    readonly dies: number;
    /** Of a die, each with a page of its own. */
    readonly cores: number;
    readonly page: Bytes;
    /** Seconds until a page is in its register. */
    readonly read: Seconds;
  } | undefined;
  /** Absent where nobody published it. */
  readonly capacity?: Bytes | undefined;
  /** What the way to the host carries. Default: as much as all channels. */
  readonly link?: BytesPerSecond | undefined;
  readonly format: NumberFormat;
  /** Of all its processors. */
  readonly peak: FlopPerSecond;
  readonly sources: readonly FactSource[];
}

/** What data/offload.json holds. */
export interface OffloadMachines {
  readonly nodes: readonly MeasuredNode[];
  readonly drives: readonly ComputingDrive[];
}

const rates = z.strictObject({
  weights: quantity("B/s"),
  cache: quantity("B/s"),
  activations: quantity("B/s"),
});
const phases = z.strictObject({ prefill: quantity("FLOP/s"), decode: quantity("FLOP/s") });
const node = z.strictObject({
  ...factFields,
  device: quantity("B"),
  host: quantity("B"),
  disk: quantity("B"),
  hostToDevice: rates,
  deviceToHost: rates,
  diskToHost: rates,
  hostToDisk: rates,
  products: phases,
  attention: phases,
  hostAttention: quantity("FLOP/s"),
});
const drive = z.strictObject({
  ...factFields,
  processor: z.enum(["die", "controller"]),
  channels: z.int().min(1),
  channelRate: quantity("B/s"),
  array: z.strictObject({
    chips: z.int().min(1),
    dies: z.int().min(1),
    cores: z.int().min(1),
    page: quantity("B"),
    read: quantity("s"),
  }).optional(),
  capacity: quantity("B").optional(),
  link: quantity("B/s").optional(),
  format: z.enum(numberFormats),
  peak: quantity("FLOP/s"),
});

/**
 * Reads a list of machines and checks every figure: its presence, its unit, its source.
 *
 * @param json The parsed file.
 * @param file Its name, for messages.
 * @throws {TypeError} naming the file, the entry, the field, the value and what is allowed.
 */
export function readOffloadMachines(json: unknown, file: string): OffloadMachines {
  const read = factReader(json, file, ["processor", "format"]);
  const machines = { nodes: read("nodes", node), drives: read("drives", drive) };
  for (const { id, processor, array } of machines.drives) {
    if (processor === "die" && !array) {
      throw new TypeError(
        `Cannot read ${file}: ${id}: array: must be known where dies compute: current value is absent`,
      );
    }
  }
  return machines;
}

/** Nodes with measured rates and drives that compute, in the order of data/offload.json. */
export const offloadMachines: OffloadMachines = readWhenAsked(
  entries,
  () => readOffloadMachines(entries, "data/offload.json"),
);

/**
 * Looks up a node with measured rates by its id, such as "flexgen-t4".
 *
 * @throws {RangeError} for an unknown id; the message lists those that there are.
 */
export function findMeasuredNode(id: string): MeasuredNode {
  return findEntry(offloadMachines.nodes, "node", "data/offload.json", id);
}

/**
 * Looks up a drive that computes by its id, such as "cambricon-llm-l" or "instinfer-csd".
 *
 * @throws {RangeError} for an unknown id; the message lists those that there are.
 */
export function findComputingDrive(id: string): ComputingDrive {
  return findEntry(offloadMachines.drives, "drive", "data/offload.json", id);
}
