import type { z } from "zod";
import { problem } from "../catalog/mod.ts";

/**
 * Reads a list of entries that each have an id, and checks every one of them.
 *
 * @param json The parsed file.
 * @param file Its name, for messages.
 * @throws {TypeError} naming the file, the entry, the field, the value and what is allowed.
 */
export function readEntries<Entry extends { readonly id: string }>(
  json: unknown,
  file: string,
  schema: z.ZodType<Entry>,
): Entry[] {
  if (!Array.isArray(json)) {
    throw new TypeError(`Cannot read ${file} as it must hold a list of entries`);
  }
  const seen = new Set<string>();
  return json.map((raw: unknown, index) => {
    const id = (raw as { id?: unknown } | null)?.id;
    const where = `${file}: ${typeof id === "string" ? id : `entry ${index}`}`;
    const result = schema.safeParse(raw);
    if (!result.success) throw new TypeError(problem(where, raw, result.error));
    if (seen.has(result.data.id)) {
      throw new TypeError(
        `Cannot read ${where}: id: must be unique in the file: current value is ${
          JSON.stringify(id)
        }`,
      );
    }
    seen.add(result.data.id);
    return result.data;
  });
}
