import hardwareEntries from "../../data/hardware.json" with { type: "json" };
import { configurations } from "./configurations.ts";
import { type Hardware, readHardware } from "./hardware.ts";
import { fromHuggingFaceConfig } from "./hugging_face.ts";
import type { Model } from "./model.ts";

/** Every accelerator that the course knows, in the order of data/hardware.json. */
export const hardwareCatalog: readonly Hardware[] = readHardware(
  hardwareEntries,
  "data/hardware.json",
);

/** The names that {@linkcode findModel} knows. */
export const modelNames: readonly string[] = Object.keys(configurations);

const byId = new Map(hardwareCatalog.map((hardware) => [hardware.id, hardware]));
const read = new Map<string, Model>();

/**
 * Looks up an accelerator by its id, such as "nvidia-h100-sxm".
 *
 * @throws {RangeError} for an unknown id; the message lists the similar ones.
 */
export function findHardware(id: string): Hardware {
  return byId.get(id) ?? unknown("hardware", "data/hardware.json", id, [...byId.keys()]);
}

/**
 * Looks up a model by the name of its file in data/models, such as "qwen3-8b".
 *
 * @throws {RangeError} for an unknown name; the message lists the similar ones.
 */
export function findModel(name: string): Model {
  const known = read.get(name);
  if (known) return known;
  if (!Object.hasOwn(configurations, name)) {
    return unknown("model", "data/models", name, modelNames);
  }
  const model = fromHuggingFaceConfig(configurations[name], name);
  read.set(name, model);
  return model;
}

function unknown(what: string, where: string, wanted: string, known: readonly string[]): never {
  const words = String(wanted).toLowerCase().split(/[^a-z0-9.]+/).filter((word) => word.length > 1);
  const similar = known.filter((name) => words.some((word) => name.includes(word)));
  throw new RangeError(
    `Cannot find ${what} ${JSON.stringify(wanted)} in ${where}: the ${
      similar.length ? "similar names" : "names"
    } are ${(similar.length ? similar : known).join(", ")}`,
  );
}
