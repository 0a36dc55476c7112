import type { z } from "zod";

/** One line for the first thing that is wrong with a data file: where, which field, which value, what is allowed. */
export function problem(where: string, input: unknown, error: z.ZodError): string {
  const issue = error.issues[0]!;
  let value: unknown = input;
  for (const key of issue.path) {
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  }
  const shown = value === undefined ? "absent" : JSON.stringify(value);
  return `Cannot read ${where}: ${
    issue.path.join(".") || "the entry"
  }: ${issue.message}: current value is ${shown.length > 80 ? shown.slice(0, 77) + "..." : shown}`;
}
