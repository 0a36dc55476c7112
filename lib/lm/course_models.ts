import targetManifest from "../../data/lm/target.json" with { type: "json" };
import {
  assembleModel,
  type LanguageModel,
  type WeightTransform,
} from "./runtime/language_model.ts";
import { readSafetensors, type Tensor } from "./weights/safetensors.ts";

/** The trained models of the course. */
export type CourseModel = "target";

/** What is known of a trained model. */
export interface Manifest {
  /** Its shape, as a Hugging Face configuration has it. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly parameters: number;
  /** Of the file of weights. */
  readonly sha256: string;
  readonly tokensSeen: number;
  /** How many of them in drills, before the first story. */
  readonly drillTokens: number;
  /** Mean surprise of the test stories in nats, for their author and for the model. */
  readonly floor: number;
  readonly loss: number;
  /** Recalls of the test stories by largest distance: how many, and the share that was right. */
  readonly recall: Readonly<Record<string, readonly number[]>>;
  /** Tokens seen and mean loss while it was trained. */
  readonly curve: readonly (readonly number[])[];
}

/** What is known of each. */
export const manifests: Readonly<Record<CourseModel, Manifest>> = {
  target: targetManifest,
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
 * @example Every story begins in the same way
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decode, encode, generate, loadModel } from "@fewer-bytes/lm";
 * import { seeded } from "@fewer-bytes/numeric";
 *
 * const model = await loadModel("target");
 * const tokens = generate(model, encode("<story>"), 1, seeded(1), { temperature: 0 });
 * assertEquals(decode([...tokens]), "Once there were");
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
  };
  const module = await files[name]();
  return module.default;
}
