import { z } from "zod";
import entries from "../../data/memories.json" with { type: "json" };
import type { BytesPerSecond, Seconds } from "../units/mod.ts";
import { findEntry } from "./find_entry.ts";
import type { Link, MemoryTier } from "./hardware.ts";
import { quantity } from "./quantity.ts";
import { factFields, factReader, type FactSource } from "./read_facts.ts";
import { readWhenAsked } from "./read_when_asked.ts";

/** A memory that is sold by itself: a stack or channel of DRAM, a card, a drive. It is a tier as it stands. */
export interface MemoryPart extends MemoryTier {
  readonly id: string;
  /** A stack and a channel are known by their data lines, a card and a drive by what they give. */
  readonly kind: "stack" | "channel" | "card" | "drive";
  readonly year: number;
  /** Of a stack or a channel: data lines times the rate of each. */
  readonly bandwidth: BytesPerSecond;
  /** Data lines. */
  readonly pins?: number | undefined;
  /** Of one data line, at the most that the generation allows. */
  readonly rate?: BytesPerSecond | undefined;
  /** Where it differs from reading, as for flash. */
  readonly writeBandwidth?: BytesPerSecond | undefined;
  /** Random reads of one granule in a second, of a drive. */
  readonly operations?: number | undefined;
  readonly sources: readonly FactSource[];
}

/** A link to memory outside of a device. */
export interface LinkPart extends Link {
  readonly id: string;
  readonly sources: readonly FactSource[];
}

/** The way of one access, part by part. */
export interface AccessPath {
  readonly id: string;
  readonly name: string;
  /** Seconds that each part takes, from the least to the most that sources say. */
  readonly parts: readonly {
    readonly name: string;
    readonly least: Seconds;
    readonly most: Seconds;
  }[];
  readonly sources: readonly FactSource[];
}

/** Sockets with several memories each. */
export interface MemoryNode {
  readonly id: string;
  readonly name: string;
  readonly sockets: number;
  /** Of one socket, nearest first. */
  readonly tiers: readonly MemoryTier[];
  readonly sources: readonly FactSource[];
}

/** What data/memories.json holds. */
export interface MemoryCatalog {
  readonly memories: readonly MemoryPart[];
  readonly links: readonly LinkPart[];
  readonly paths: readonly AccessPath[];
  readonly nodes: readonly MemoryNode[];
}

const held = {
  capacity: quantity("B"),
  latency: quantity("s").optional(),
  granularity: quantity("B").optional(),
};
const memory = z.discriminatedUnion("kind", [
  z.strictObject({
    ...factFields,
    ...held,
    kind: z.enum(["stack", "channel"]),
    year: z.int(),
    pins: z.int().min(1),
    rate: quantity("B/s"),
  }),
  z.strictObject({
    ...factFields,
    ...held,
    kind: z.enum(["card", "drive"]),
    year: z.int(),
    bandwidth: quantity("B/s"),
    writeBandwidth: quantity("B/s").optional(),
    operations: z.int().min(1).optional(),
  }),
]);
const link = z.strictObject({ ...factFields, bandwidth: quantity("B/s") });
const path = z.strictObject({
  ...factFields,
  parts: z.array(z.strictObject({
    name: z.string().min(1),
    least: quantity("s"),
    most: quantity("s"),
  })).min(1),
});
const node = z.strictObject({
  ...factFields,
  sockets: z.int().min(1),
  tiers: z.array(z.strictObject({
    ...held,
    name: z.string().min(1),
    bandwidth: quantity("B/s").optional(),
  })).min(1),
});

/**
 * Reads a catalog of memories and checks every figure: its presence, its unit, its source.
 *
 * @param json The parsed file.
 * @param file Its name, for messages.
 * @throws {TypeError} naming the file, the entry, the field, the value and what is allowed.
 */
export function readMemoryParts(json: unknown, file: string): MemoryCatalog {
  const read = factReader(json, file, ["kind", "year", "sockets"]);
  return {
    memories: read("memories", memory).map((part): MemoryPart =>
      "pins" in part ? { ...part, bandwidth: part.pins * part.rate } : part
    ),
    links: read("links", link),
    paths: read("paths", path),
    nodes: read("nodes", node),
  };
}

/** Every memory, link and path to memory that the course knows. */
export const memoryCatalog: MemoryCatalog = readWhenAsked(
  entries,
  () => readMemoryParts(entries, "data/memories.json"),
);

/**
 * Looks up a memory by its id, such as "hbm3e" or "micron-cz120".
 *
 * @throws {RangeError} for an unknown id; the message lists those that there are.
 */
export function findMemory(id: string): MemoryPart {
  return findEntry(memoryCatalog.memories, "memory", "data/memories.json", id);
}

/** Looks up a link to memory by its id, such as "pcie-5-x16". */
export function findMemoryLink(id: string): LinkPart {
  return findEntry(memoryCatalog.links, "link", "data/memories.json", id);
}

/** Looks up the way of an access by its id, such as "cxl-direct". */
export function findAccessPath(id: string): AccessPath {
  return findEntry(memoryCatalog.paths, "path", "data/memories.json", id);
}

/** Looks up a node of several memories by its id, such as "sambanova-sn40l". */
export function findMemoryNode(id: string): MemoryNode {
  return findEntry(memoryCatalog.nodes, "node", "data/memories.json", id);
}
