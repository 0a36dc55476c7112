import draftManifest from "../../data/lm/draft.json" with { type: "json" };
import targetManifest from "../../data/lm/target.json" with { type: "json" };
import { assembleModel } from "./runtime/assemble_model.ts";
import type { LanguageModel, WeightTransform } from "./runtime/language_model.ts";
import { readSafetensors, type Tensor } from "./weights/safetensors.ts";

/** The trained models of the course: the target, and a smaller draft of the same vocabulary that can guess for it. */
export type CourseModel = "target" | "draft";

/** What is known of a trained model. */
export interface Manifest {
  /** Its shape, as a Hugging Face configuration has it. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly parameters: number;
  /** Of the file of weights. */
  readonly sha256: string;
  readonly tokensSeen: number;
  /** How many of them in drills: stories in which facts are told and recalled, and nobody does anything else. */
  readonly drillTokens: number;
  /** Mean surprise of the test stories in nats, for their author and for the model. */
  readonly floor: number;
  readonly loss: number;
  /** Recalls of facts in the test stories by largest distance: how many, and the share that was right. */
  readonly recall: Readonly<Record<string, readonly number[]>>;
  /** The same for things that were taken and are counted. */
  readonly counted: readonly number[];
  /** While it was trained: tokens seen, and the loss on 16 of the test stories (seeds 0 to 15). */
  readonly curve: readonly (readonly number[])[];
}

/** What is known of each. */
export const manifests: Readonly<Record<CourseModel, Manifest>> = {
  target: targetManifest,
  draft: draftManifest,
};

/** The tensors of a model, read once. */
const read = new Map<CourseModel, Promise<Map<string, Tensor>>>();

/** Reads the weights of a course model: 16-bit floats, widened to 32. */
export function courseTensors(name: CourseModel): Promise<Map<string, Tensor>> {
  const tensors = read.get(name) ?? importWeights(name).then((bytes) => readSafetensors(bytes));
  read.set(name, tensors);
  return tensors;
}

/**
 * Loads a language model that knows the course's own language.
 *
 * @param transform What to do to each weight matrix on the way, such as quantizing it.
 * @example It finds what it was told, and of whom
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decode, encode, generate, loadModel } from "@fewer-bytes/lm";
 * import { seeded } from "@fewer-bytes/numeric";
 *
 * const model = await loadModel("target");
 * const story = "<story> Once there were Mira and Kai. Mira's key is 4821. Kai's key is 3057. Mira's key is";
 * const tokens = generate(model, encode(story), 4, seeded(1), { temperature: 0 });
 * assertEquals(decode([...tokens]), "4821");
 * ```
 */
export async function loadModel(
  name: CourseModel,
  transform?: WeightTransform,
): Promise<LanguageModel> {
  return assembleModel(manifests[name].config, await courseTensors(name), transform);
}

/** Only a notebook that runs a model pays for its weights. */
async function importWeights(name: CourseModel): Promise<Uint8Array<ArrayBuffer>> {
  const files = {
    target: () => import("../../data/lm/target.safetensors", { with: { type: "bytes" } }),
    draft: () => import("../../data/lm/draft.safetensors", { with: { type: "bytes" } }),
  };
  const module = await files[name]();
  return module.default;
}
