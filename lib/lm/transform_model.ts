import type { LanguageModel, Weight, WeightTransform } from "./runtime/language_model.ts";

/**
 * Changes the matrices of a model that is loaded already, such as an outlier twin or one that was rotated.
 *
 * The embedding table and the head stay as they are.
 *
 * @param transform As for `loadModel`: gets each matrix of the layers once, and gives its new values.
 * @returns A new model; norms, embedding and head are shared with the old one.
 * @throws {TypeError} when a transform gives another number of values.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadModel, transformModel } from "@fewer-bytes/lm";
 *
 * const model = await loadModel("target");
 * const halved = transformModel(model, ({ data }) => data.map((value) => value / 2));
 * assertEquals(halved.layers[0]!.gate.data[7], model.layers[0]!.gate.data[7]! / 2);
 * assertEquals(halved.embedding, model.embedding);
 * ```
 */
export function transformModel(model: LanguageModel, transform: WeightTransform): LanguageModel {
  const change = (weight: Weight): Weight => {
    const data = transform(weight);
    if (data.length !== weight.data.length) {
      throw new TypeError(
        `Cannot transform ${weight.name} as the result must have ${weight.data.length} values: current length is ${data.length}`,
      );
    }
    return { ...weight, data };
  };
  return {
    ...model,
    layers: model.layers.map((layer) => ({
      ...layer,
      queries: change(layer.queries),
      keys: change(layer.keys),
      values: change(layer.values),
      output: change(layer.output),
      ...(layer.latent && {
        latent: {
          ...layer.latent,
          rotaryQueries: change(layer.latent.rotaryQueries),
          down: change(layer.latent.down),
          rotaryKey: change(layer.latent.rotaryKey),
        },
      }),
      gate: change(layer.gate),
      up: change(layer.up),
      down: change(layer.down),
    })),
  };
}
