import { z } from "zod";
import entries from "../../data/memories.json" with { type: "json" };
import { type BaseUnit, type BytesPerSecond, parseQuantity, type Seconds } from "../units/mod.ts";
import type { Link, MemoryTier, Source } from "./hardware.ts";
import { problem } from "./problem.ts";

/** Where the figures of a part come from. */
export type PartSource = Omit<Source, "of"> & { readonly of: readonly string[] };

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
  readonly sources: readonly PartSource[];
}

/** A link to memory outside of a device. */
export interface LinkPart extends Link {
  readonly id: string;
  readonly sources: readonly PartSource[];
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
  readonly sources: readonly PartSource[];
}

/** Sockets with several memories each. */
export interface MemoryNode {
  readonly id: string;
  readonly name: string;
  readonly sockets: number;
  /** Of one socket, nearest first. */
  readonly tiers: readonly MemoryTier[];
  readonly sources: readonly PartSource[];
}

/** What data/memories.json holds. */
export interface MemoryCatalog {
  readonly memories: readonly MemoryPart[];
  readonly links: readonly LinkPart[];
  readonly paths: readonly AccessPath[];
  readonly nodes: readonly MemoryNode[];
}

const quantity = (unit: BaseUnit) =>
  z.string().transform((text, context) => {
    try {
      return parseQuantity(text, unit);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message, input: text });
      return z.NEVER;
    }
  });

const named = {
  id: z.string().regex(/^[a-z0-9.]+(-[a-z0-9.]+)*$/, "must be lower case words joined by hyphens"),
  name: z.string().min(1),
  sources: z.array(z.strictObject({
    of: z.array(z.string()).min(1),
    title: z.string().min(1),
    url: z.url(),
    note: z.string().optional(),
    checked: z.enum(["read", "arithmetic", "recalled"]),
  })),
};
const held = {
  capacity: quantity("B"),
  latency: quantity("s").optional(),
  granularity: quantity("B").optional(),
};
const memory = z.discriminatedUnion("kind", [
  z.strictObject({
    ...named,
    ...held,
    kind: z.enum(["stack", "channel"]),
    year: z.int(),
    pins: z.int().min(1),
    rate: quantity("B/s"),
  }),
  z.strictObject({
    ...named,
    ...held,
    kind: z.enum(["card", "drive"]),
    year: z.int(),
    bandwidth: quantity("B/s"),
    writeBandwidth: quantity("B/s").optional(),
    operations: z.int().min(1).optional(),
  }),
]);
const link = z.strictObject({ ...named, bandwidth: quantity("B/s") });
const path = z.strictObject({
  ...named,
  parts: z.array(z.strictObject({
    name: z.string().min(1),
    least: quantity("s"),
    most: quantity("s"),
  })).min(1),
});
const node = z.strictObject({
  ...named,
  sockets: z.int().min(1),
  tiers: z.array(z.strictObject({
    ...held,
    name: z.string().min(1),
    bandwidth: quantity("B/s").optional(),
  })).min(1),
});

/** What needs no source: it is a name, or the source itself. */
const unsourced = ["id", "name", "kind", "year", "sources", "sockets"];

/**
 * Reads a catalog of memories and checks every figure: its presence, its unit, its source.
 *
 * @param json The parsed file.
 * @param file Its name, for messages.
 * @throws {TypeError} naming the file, the entry, the field, the value and what is allowed.
 */
export function readMemoryParts(json: unknown, file: string): MemoryCatalog {
  const lists = json as Record<string, unknown> | null;
  const seen = new Set<string>();
  const read = <Entry extends { id: string; sources: { of: string[] }[] }>(
    list: string,
    entry: z.ZodType<Entry>,
  ): Entry[] => {
    const rows = lists?.[list];
    if (!Array.isArray(rows)) {
      throw new TypeError(`Cannot read ${file} as it must hold a list of ${list}`);
    }
    return rows.map((raw: unknown, index) => {
      const id = (raw as { id?: unknown } | null)?.id;
      const where = `${file}: ${typeof id === "string" ? id : `${list}, entry ${index}`}`;
      const result = entry.safeParse(raw);
      if (!result.success) throw new TypeError(problem(where, raw, result.error));
      const { data } = result;
      if (seen.has(data.id)) {
        throw new TypeError(`Cannot read ${where}: id must be unique in the file`);
      }
      seen.add(data.id);
      for (const figure of Object.keys(raw as object)) {
        if (!unsourced.includes(figure) && !data.sources.some(({ of }) => of.includes(figure))) {
          throw new TypeError(`Cannot read ${where}: sources: must name a source of ${figure}`);
        }
      }
      return data;
    });
  };
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
export const memoryCatalog: MemoryCatalog = readMemoryParts(entries, "data/memories.json");

/**
 * Looks up a memory by its id, such as "hbm3e" or "micron-cz120".
 *
 * @throws {RangeError} for an unknown id; the message lists those that there are.
 */
export function findMemory(id: string): MemoryPart {
  return find(memoryCatalog.memories, "memory", id);
}

/** Looks up a link to memory by its id, such as "pcie-5-x16". */
export function findMemoryLink(id: string): LinkPart {
  return find(memoryCatalog.links, "link", id);
}

/** Looks up the way of an access by its id, such as "cxl-direct". */
export function findAccessPath(id: string): AccessPath {
  return find(memoryCatalog.paths, "path", id);
}

/** Looks up a node of several memories by its id, such as "sambanova-sn40l". */
export function findMemoryNode(id: string): MemoryNode {
  return find(memoryCatalog.nodes, "node", id);
}

function find<Entry extends { id: string }>(
  entries: readonly Entry[],
  what: string,
  id: string,
): Entry {
  const found = entries.find((entry) => entry.id === id);
  if (found) return found;
  throw new RangeError(
    `Cannot find ${what} ${JSON.stringify(id)} in data/memories.json: there are ${
      entries.map((entry) => entry.id).join(", ")
    }`,
  );
}
