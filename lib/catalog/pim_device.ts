import { z } from "zod";
import type { Bytes, BytesPerSecond, Flop, Seconds } from "../units/mod.ts";
import { type Hardware, readHardware, type Source } from "./hardware.ts";
import { problem } from "./problem.ts";
import { quantity } from "./quantity.ts";

/** Where the arithmetic sits, from the cells outwards. */
export const pimLevels = ["bank", "bank pair", "bank group", "buffer", "logic die"] as const;
/** Where the arithmetic sits. */
export type PimLevel = typeof pimLevels[number];

/**
 * What the host can do with the banks while they compute: nothing; read through a second row buffer of each bank; read
 * those banks that do not compute; or anything, as it has memory of its own besides.
 */
export const hostAccesses = ["blocked", "dual row buffers", "bank bundles", "own memory"] as const;
/** What the host can do with the banks while they compute. */
export type HostAccess = typeof hostAccesses[number];

/** What processing in memory has and a GPU has not. */
export interface PimArchitecture {
  readonly level: PimLevel;
  /** Units that compute at once. */
  readonly units: number;
  /** What each reads, and computes, in one of its cycles. */
  readonly bytesPerCycle: Bytes;
  readonly flopsPerCycle: Flop;
  /** Cycles in a second. */
  readonly clock: number;
  /** The share of the cycles that a limit of power leaves; 1 where none binds. */
  readonly powerShare: number;
  /** What the same memory gives over its ordinary interface. */
  readonly external: BytesPerSecond;
  /** A row of one bank, and for how long the bank gives nothing while it changes rows; absent where it is not known. */
  readonly row?: { readonly bytes: Bytes; readonly activation: Seconds } | undefined;
  /** What starting one operator costs; 0 where nobody published it. */
  readonly command: Seconds;
  readonly hostAccess: HostAccess;
  readonly sources: readonly PimSource[];
}

/** Where figures of the architecture come from. */
export interface PimSource extends Omit<Source, "of"> {
  readonly of: readonly ("units" | "row" | "powerShare" | "command" | "hostAccess")[];
}

/**
 * Memory that computes: hardware whose main memory has the bandwidth of its own units, and whose links lead to the host.
 * So every formula of the roofline holds for it.
 */
export interface PimDevice extends Hardware {
  readonly kind: "pim";
  readonly pim: PimArchitecture;
}

const architecture = z.strictObject({
  level: z.enum(pimLevels),
  units: z.int().min(1),
  bytesPerCycle: z.number().positive(),
  flopsPerCycle: z.number().positive(),
  clock: quantity("Hz"),
  powerShare: z.number().positive().max(1).default(1),
  external: quantity("B/s"),
  row: z.strictObject({ bytes: quantity("B"), activation: quantity("s") }).optional(),
  command: quantity("s").default(0),
  hostAccess: z.enum(hostAccesses),
  sources: z.array(z.strictObject({
    of: z.array(z.enum(["units", "row", "powerShare", "command", "hostAccess"])).min(1),
    title: z.string().min(1),
    url: z.url(),
    note: z.string().optional(),
    checked: z.enum(["read", "arithmetic", "recalled"]),
  })).min(1),
});

/** A stated figure may differ so much from units times cycle times clock: clocks are rounded in print. */
const tolerance = 0.02;

/**
 * Reads a list of devices that compute in memory. Beyond what {@linkcode readHardware} checks, the stated bandwidth and
 * peak must be what the units give: units × bytes (or operations) per cycle × clock × share of the power.
 *
 * @param json The list.
 * @param file The name of its file, for messages.
 * @throws {TypeError} naming the file, the entry, the field, the value and what is allowed.
 */
export function readPimDevices(json: unknown, file: string): PimDevice[] {
  const raw = Array.isArray(json) ? json as Record<string, unknown>[] : [];
  const parts = raw.map(({ pim: _, ...hardware }) => hardware);
  return readHardware(Array.isArray(json) ? parts : json, file).map((hardware, index) => {
    const where = `${file}: ${hardware.id}`;
    const result = architecture.safeParse(raw[index]!.pim);
    if (!result.success) {
      throw new TypeError(problem(`${where}: pim`, raw[index]!.pim, result.error));
    }
    const pim = result.data;
    const cycles = pim.units * pim.clock * pim.powerShare;
    requireNear(where, "bandwidth", hardware.memory[0].bandwidth, cycles * pim.bytesPerCycle);
    const peak = Math.max(...Object.values(hardware.peak).map((rate) => rate ?? 0));
    requireNear(where, "peak", peak, cycles * pim.flopsPerCycle);
    return { ...hardware, kind: "pim", pim };
  });
}

function requireNear(where: string, name: string, stated: number, derived: number): void {
  if (Math.abs(stated / derived - 1) > tolerance) {
    throw new TypeError(
      `Cannot read ${where}: the ${name} must be units x cycle x clock, ${derived}: current value is ${stated}`,
    );
  }
}
