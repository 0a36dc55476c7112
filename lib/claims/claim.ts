import { z } from "zod";
import claimEntries from "../../data/claims.json" with { type: "json" };
import { readEntries } from "./read_entries.ts";
import { type System, systems } from "./system.ts";

/** What a claim says in numbers: one figure, a range from low to high, or nothing that is a number. */
export type Stated = number | readonly [low: number, high: number] | null;

/** A sentence of a source document that can be held against arithmetic. */
export interface Claim {
  readonly id: string;
  /** The source document, by number. */
  readonly document: string;
  /** The id of the system that it is about. */
  readonly system: string;
  readonly claim: string;
  readonly metric: string;
  readonly stated: Stated;
  readonly unit: string;
  /** The conditions that the document states with it. */
  readonly context: string;
  /** The work that the document takes it from; empty when it is its own. */
  readonly source: string;
  /** What it would take to check it. */
  readonly derivation:
    | "arithmetic"
    | "first-principles"
    | "documentary"
    | "experiment"
    | "simulation";
  /** 1 for what the course must derive, 3 for what it may. */
  readonly priority: number;
}

const entry = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower case words joined by hyphens"),
  document: z.enum(["000", "002", "003", "004"]),
  system: z.string().min(1),
  claim: z.string().min(1),
  metric: z.string().min(1),
  stated: z.union(
    [
      z.number(),
      z.tuple([z.number(), z.number()]).refine(([low, high]) => low < high),
      z.null(),
    ],
    "must be a number, a [low, high] pair with low < high, or null",
  ),
  unit: z.string().min(1),
  context: z.string(),
  source: z.string(),
  derivation: z.enum(["arithmetic", "first-principles", "documentary", "experiment", "simulation"]),
  priority: z.int().min(1).max(3),
});

/**
 * Reads a list of claims and checks every field, and that the system of each is known.
 *
 * @throws {TypeError} naming the file, the entry, the field, the value and what is allowed.
 */
export function readClaims(json: unknown, file: string, known: readonly System[]): Claim[] {
  const ids = new Set(known.map(({ id }) => id));
  return readEntries(
    json,
    file,
    entry.superRefine(({ system }, context) => {
      if (!ids.has(system)) {
        context.addIssue({
          code: "custom",
          path: ["system"],
          message: "must be the id of a system",
          input: system,
        });
      }
    }),
  );
}

/** Every claim of the source documents, in their order. */
export const claims: readonly Claim[] = readClaims(claimEntries, "data/claims.json", systems);

const byId = new Map(claims.map((claim) => [claim.id, claim]));

/**
 * Looks up a claim by its id, such as "c-ridge-562".
 *
 * @throws {RangeError} for an unknown id.
 */
export function findClaim(id: string): Claim {
  const claim = byId.get(id);
  if (!claim) throw new RangeError(`Cannot find claim ${JSON.stringify(id)} in data/claims.json`);
  return claim;
}
