import configs from "../../data/lm/variants/configs.json" with { type: "json" };
import { assembleModel } from "./runtime/assemble_model.ts";
import type { LanguageModel, WeightTransform } from "./runtime/language_model.ts";
import { readSafetensors, type Tensor } from "./weights/safetensors.ts";

/** The names of the variants of attention that can be run. */
export type VariantName = keyof typeof configs;

/** The tensors of a variant, read once. */
const read = new Map<VariantName, Promise<Map<string, Tensor>>>();

/**
 * Loads a small model with its own kind of attention, to run it where `attentionVariants` only tells what it learned.
 *
 * It runs like any other: windows are in its layers, latents in the absorbed form, and `denseCache` keeps no more of it
 * than can still be seen.
 *
 * @param name Of one of the `attentionVariants`, such as "MLA" or "sliding window".
 * @param transform What to do to each weight matrix on the way, such as quantizing it.
 * @throws {RangeError} when there is no variant of that name.
 * @example What a window and a latent keep of 200 tokens, in 32-bit floats
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { denseCache, forward, loadVariant, writeStory } from "@fewer-bytes/lm";
 *
 * const tokens = writeStory(1, 200).tokens;
 * const bytes = async (name: string) => {
 *   const model = await loadVariant(name);
 *   const cache = denseCache(model);
 *   forward(model, [{ tokens, cache }]);
 *   return cache.bytes;
 * };
 * assertEquals(await bytes("MHA"), 200 * 3 * 256 * 4);
 * assertEquals(await bytes("sliding window"), 64 * 3 * 256 * 4);
 * assertEquals(await bytes("MLA"), 200 * 3 * 48 * 4);
 * ```
 */
export async function loadVariant(
  name: string,
  transform?: WeightTransform,
): Promise<LanguageModel> {
  if (!isVariant(name)) {
    throw new RangeError(
      `Cannot load a variant as its name must be one of ${
        Object.keys(configs).join(", ")
      }: current value is ${name}`,
    );
  }
  const tensors = read.get(name) ?? importWeights(name).then((bytes) => readSafetensors(bytes));
  read.set(name, tensors);
  return assembleModel(configs[name], await tensors, transform);
}

const isVariant = (name: string): name is VariantName => Object.hasOwn(configs, name);

/** Only a notebook that runs a variant pays for its weights. */
async function importWeights(name: VariantName): Promise<Uint8Array<ArrayBuffer>> {
  const files = {
    "MHA": () => import("../../data/lm/variants/MHA.safetensors", { with: { type: "bytes" } }),
    "GQA": () => import("../../data/lm/variants/GQA.safetensors", { with: { type: "bytes" } }),
    "MQA": () => import("../../data/lm/variants/MQA.safetensors", { with: { type: "bytes" } }),
    "MLA": () => import("../../data/lm/variants/MLA.safetensors", { with: { type: "bytes" } }),
    "sliding window": () =>
      import("../../data/lm/variants/sliding_window.safetensors", { with: { type: "bytes" } }),
    "local and global": () =>
      import("../../data/lm/variants/local_and_global.safetensors", { with: { type: "bytes" } }),
  };
  const module = await files[name]();
  return module.default;
}
