import { z } from "zod";
import type { Source } from "./hardware.ts";
import { problem } from "./problem.ts";

/** Where the figures of a fact come from; `of` names its fields. */
export type FactSource = Omit<Source, "of"> & { readonly of: readonly string[] };

/** The fields that every fact has: its id, its name, and where its figures stand in public. */
export const factFields = {
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

/**
 * Makes a reader of the lists of a data file: each entry must have the fields of its kind, an id of its own in the file,
 * and a source of each figure.
 *
 * @param json The parsed file.
 * @param file Its name, for messages.
 * @param unsourced Fields besides id, name and sources that need no source: choices, counts of names.
 * @returns A function that reads one of its lists.
 * @throws {TypeError} naming the file, the entry, the field, the value and what is allowed.
 */
export function factReader(json: unknown, file: string, unsourced: readonly string[]) {
  const lists = json as Record<string, unknown> | null;
  const free = new Set(["id", "name", "sources", ...unsourced]);
  const seen = new Set<string>();
  return <Entry extends { id: string; sources: { of: string[] }[] }>(
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
        if (!free.has(figure) && !data.sources.some(({ of }) => of.includes(figure))) {
          throw new TypeError(`Cannot read ${where}: sources: must name a source of ${figure}`);
        }
      }
      return data;
    });
  };
}
