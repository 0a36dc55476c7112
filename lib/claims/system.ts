import { z } from "zod";
import systemEntries from "../../data/systems.json" with { type: "json" };
import { readEntries } from "./read_entries.ts";

/** What a claim is about: a technique, a device, a model, a paper. */
export interface System {
  readonly id: string;
  readonly name: string;
  /** The source documents that speak of it, by number. */
  readonly documents: readonly string[];
  readonly year: number | null;
  readonly area: string;
  readonly summary: string;
  /** The chapter that treats it, such as "01-memory-wall", or "out-of-scope". */
  readonly chapter: string;
  /** 1 for what the course is built on, 3 for what it only mentions. */
  readonly relevance: number;
}

const documentNumber = z.enum(["000", "002", "003", "004"]);

const entry = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower case words joined by hyphens"),
  name: z.string().min(1),
  documents: z.array(documentNumber).min(1),
  year: z.int().min(1950).max(2100).nullable(),
  area: z.string().min(1),
  summary: z.string().min(1),
  chapter: z.string().regex(
    /^(\d\d-[a-z-]+|out-of-scope)$/,
    'must be a chapter such as "01-memory-wall", or "out-of-scope"',
  ),
  relevance: z.int().min(1).max(3),
});

/** Reads a list of systems and checks every field. See {@linkcode readEntries} for the errors. */
export function readSystems(json: unknown, file: string): System[] {
  return readEntries(json, file, entry);
}

/** Every system that the source documents speak of. */
export const systems: readonly System[] = readSystems(systemEntries, "data/systems.json");

const byId = new Map(systems.map((system) => [system.id, system]));

/**
 * Looks up a system by its id, such as "kv-cache".
 *
 * @throws {RangeError} for an unknown id.
 */
export function findSystem(id: string): System {
  const system = byId.get(id);
  if (!system) {
    throw new RangeError(`Cannot find system ${JSON.stringify(id)} in data/systems.json`);
  }
  return system;
}

/** The number of the chapter that treats a system: "01", or "out-of-scope". */
export function chapterOf({ chapter }: Pick<System, "chapter">): string {
  return /^\d\d/.exec(chapter)?.[0] ?? chapter;
}
