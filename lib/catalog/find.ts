import hardwareEntries from "../../data/hardware.json" with { type: "json" };
import { configurations } from "./configurations.ts";
import { findEntry, unknownName } from "./find_entry.ts";
import { type Hardware, readHardware } from "./hardware.ts";
import { fromHuggingFaceConfig } from "./hugging_face.ts";
import type { Model } from "./model.ts";
import { readWhenAsked } from "./read_when_asked.ts";

/** Every accelerator that the course knows, in the order of data/hardware.json. */
export const hardwareCatalog: readonly Hardware[] = readWhenAsked(
  hardwareEntries,
  () => readHardware(hardwareEntries, "data/hardware.json"),
);

/** The names that {@linkcode findModel} knows. */
export const modelNames: readonly string[] = Object.keys(configurations);

const read = new Map<string, Model>();

/**
 * Looks up an accelerator by its id, such as "nvidia-h100-sxm".
 *
 * @throws {RangeError} for an unknown id; the message lists the similar ones.
 */
export function findHardware(id: string): Hardware {
  return findEntry(hardwareCatalog, "hardware", "data/hardware.json", id);
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
    return unknownName("model", "data/models", name, modelNames);
  }
  const model = fromHuggingFaceConfig(configurations[name], name);
  read.set(name, model);
  return model;
}
