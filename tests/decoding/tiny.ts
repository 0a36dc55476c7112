/** Two very small models of one vocabulary, with random weights: one to draft, one to verify. */
import { assembleModel, type LanguageModel } from "@fewer-bytes/lm";
import { tinyConfig, tinyModel, tinyTensors } from "../lm/runtime/tiny.ts";

export { tinyModel };

/** Another one, with weights of its own. */
export function otherTinyModel(): LanguageModel {
  return assembleModel(tinyConfig, tinyTensors(2));
}
