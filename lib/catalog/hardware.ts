import { z } from "zod";
import type { Bytes, BytesPerSecond, FlopPerSecond, Seconds, Watts } from "../units/mod.ts";
import { type NumberFormat, numberFormats } from "./number_format.ts";
import { problem } from "./problem.ts";
import { quantity } from "./quantity.ts";

/** A place where bytes lie. */
export interface MemoryTier {
  readonly name: string;
  readonly capacity: Bytes;
  /** Peak rate of reading; absent for on-chip memories whose vendors publish none. */
  readonly bandwidth?: BytesPerSecond | undefined;
  /** From a request until its first byte arrives; absent where nobody published it. */
  readonly latency?: Seconds | undefined;
  /** The least that one access moves: a cache line, a page. */
  readonly granularity?: Bytes | undefined;
}

/** A way for bytes to leave the device, with its rate in one direction. */
export interface Link {
  readonly name: string;
  readonly bandwidth: BytesPerSecond;
}

/** The third noun: what turns an operator into seconds. */
export interface Hardware {
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  readonly kind: "gpu" | "tpu" | "accelerator" | "soc" | "cpu" | "pim";
  readonly architecture: string;
  readonly year: number;
  /** Position on NVIDIA's data-center line, for fitting trends; absent elsewhere. */
  readonly generation?: number | undefined;
  /** Dense peak rate in each format that the device computes in: never the figure for 2:4 sparsity. */
  readonly peak: { readonly [format in NumberFormat]?: FlopPerSecond | undefined };
  /** Main memory first, then what else is known. */
  readonly memory: readonly [MemoryTier & { readonly bandwidth: BytesPerSecond }, ...MemoryTier[]];
  /** Fastest first. */
  readonly links: readonly Link[];
  /** Thermal design power; absent where the vendor publishes none, as Google does for its TPUs. */
  readonly power?: Watts | undefined;
  /** Where each figure stands in public, and how it was checked. */
  readonly sources: readonly Source[];
}

/** Where figures come from. */
export interface Source {
  readonly of: readonly ("peak" | "memory" | "links" | "power")[];
  readonly title: string;
  readonly url: string;
  readonly note?: string | undefined;
  /** Read in the source, derived by arithmetic from other public figures, or recalled and not checked again. */
  readonly checked: "read" | "arithmetic" | "recalled";
}

const part = z.enum(["peak", "memory", "links", "power"]);
const tier = z.strictObject({
  name: z.string().min(1),
  capacity: quantity("B"),
  bandwidth: quantity("B/s").optional(),
  latency: quantity("s").optional(),
  granularity: quantity("B").optional(),
});

const entry = z.strictObject({
  id: z.string().regex(/^[a-z0-9.]+(-[a-z0-9.]+)*$/, "must be lower case words joined by hyphens"),
  name: z.string().min(1),
  vendor: z.string().min(1),
  kind: z.enum(["gpu", "tpu", "accelerator", "soc", "cpu", "pim"]),
  architecture: z.string().min(1),
  year: z.int().min(2010).max(2100),
  generation: z.int().min(0).optional(),
  peak: z.partialRecord(z.enum(numberFormats), quantity("FLOP/s")).refine(
    (peak) => Object.keys(peak).length > 0,
    "must hold at least one format",
  ),
  memory: z.tuple([tier.required({ bandwidth: true })], tier),
  links: z.array(z.strictObject({ name: z.string().min(1), bandwidth: quantity("B/s") })),
  power: quantity("W").optional(),
  sources: z.array(z.strictObject({
    of: z.array(part).min(1),
    title: z.string().min(1),
    url: z.url(),
    note: z.string().optional(),
    checked: z.enum(["read", "arithmetic", "recalled"]),
  })),
}).superRefine((value, context) => {
  for (const figure of part.options) {
    const stated = value[figure] !== undefined && !(figure === "links" && value.links.length === 0);
    if (stated && !value.sources.some((source) => source.of.includes(figure))) {
      context.addIssue({
        code: "custom",
        path: ["sources"],
        message: `must name a source of ${figure}`,
        input: value.sources,
      });
    }
  }
});

/**
 * Reads a list of hardware entries and checks every figure: its presence, its unit, its source.
 *
 * @param json The parsed file.
 * @param file Its name, for messages.
 * @throws {TypeError} naming the file, the entry, the field, the value and what is allowed.
 */
export function readHardware(json: unknown, file: string): Hardware[] {
  if (!Array.isArray(json)) {
    throw new TypeError(`Cannot read ${file} as it must hold a list of hardware entries`);
  }
  const seen = new Set<string>();
  return json.map((raw: unknown, index) => {
    const id = (raw as { id?: unknown } | null)?.id;
    const where = `${file}: ${typeof id === "string" ? id : `entry ${index}`}`;
    const result = entry.safeParse(raw);
    if (!result.success) throw new TypeError(problem(where, raw, result.error));
    if (seen.has(result.data.id)) {
      throw new TypeError(`Cannot read ${where}: id must be unique in the file`);
    }
    seen.add(result.data.id);
    return result.data;
  });
}
