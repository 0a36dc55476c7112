import { z } from "zod";
import type { Joules } from "../units/mod.ts";
import { problem } from "./problem.ts";
import { quantity } from "./quantity.ts";

/** A step on the way of a bit, or an operation, and what it costs. All such figures are estimates. */
export interface EnergyFact {
  readonly id: string;
  readonly name: string;
  /** For one bit moved, or for one multiply-add. */
  readonly joules: Joules;
  readonly sources: readonly {
    readonly title: string;
    readonly url: string;
    readonly note?: string | undefined;
    readonly checked: "read" | "arithmetic" | "recalled";
  }[];
}

const facts = z.array(
  z.strictObject({
    id: z.string().min(1),
    name: z.string().min(1),
    energy: quantity("J"),
    sources: z.array(z.strictObject({
      title: z.string().min(1),
      url: z.url(),
      note: z.string().optional(),
      checked: z.enum(["read", "arithmetic", "recalled"]),
    })).min(1),
  }).transform(({ energy, ...fact }) => ({ ...fact, joules: energy })),
);

/**
 * Reads a list of energies.
 *
 * @throws {TypeError} naming the file, the entry, the field, the value and what is allowed.
 */
export function readEnergyFacts(json: unknown, file: string): EnergyFact[] {
  const result = facts.safeParse(json);
  if (!result.success) throw new TypeError(problem(file, json, result.error));
  return result.data;
}
