import { z } from "zod";
import type { Layers } from "../model.ts";
import { problem } from "../problem.ts";

/** A whole number that counts something: layers, heads, widths. The limit keeps products of three exact. */
export const size = z.int("must be a whole number").min(1, "must be at least 1").max(
  2 ** 24,
  "must be at most 16777216",
);
/** The same, where configurations may also say null for "none". */
export const optionalSize = size.nullish();
/** A switch that may be left out. */
export const flag = z.boolean("must be true or false").nullish();

/**
 * Checks a configuration against a schema.
 *
 * @throws {TypeError} naming the configuration, the field, the value and what is allowed.
 */
export function readConfig<S extends z.ZodType>(
  schema: S,
  config: unknown,
  name: string,
): z.infer<S> {
  const result = schema.safeParse(config);
  if (!result.success) throw new TypeError(problem(`the config of ${name}`, config, result.error));
  return result.data;
}

/** Describes each layer by its position, and puts equal ones together. */
export function groupLayers(
  count: number,
  describe: (layer: number) => Omit<Layers, "count">,
): Layers[] {
  const groups = new Map<string, { count: number } & Omit<Layers, "count">>();
  for (let layer = 0; layer < count; layer++) {
    const description = describe(layer);
    const key = JSON.stringify(description);
    const group = groups.get(key);
    if (group) group.count++;
    else groups.set(key, { count: 1, ...description });
  }
  return [...groups.values()];
}

/** Refuses heads that do not divide evenly, which no trained model has. */
export function divide(total: number, parts: number, what: string, name: string): number {
  if (total % parts === 0) return total / parts;
  throw new TypeError(
    `Cannot read the config of ${name}: ${what} must divide evenly: current values are ${total} and ${parts}`,
  );
}
