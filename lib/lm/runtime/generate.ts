import type { Random } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { DenseCache, type KeyValueCache } from "./cache.ts";
import { forward, type ForwardOptions } from "./forward.ts";
import type { LanguageModel } from "./language_model.ts";
import { sample, type SampleOptions } from "./sample.ts";

/** A dense cache of the right size for a model: of its windows, and with its latents kept once. */
export function denseCache({ layers, keyValueHeads, headDimension }: LanguageModel): DenseCache {
  return new DenseCache(layers.length, keyValueHeads * headDimension, {
    windows: layers.map(({ window }) => window),
    shared: layers.some(({ latent }) => latent !== undefined),
  });
}

/**
 * Continues a prompt, token by token.
 *
 * @param count Tokens to add.
 * @param random The source of chance; the same one gives the same text.
 * @yields Each new token as it is there.
 */
export function* generate(
  model: LanguageModel,
  prompt: ArrayLike<number>,
  count: number,
  random: Random,
  options: SampleOptions & Pick<ForwardOptions, "multiply"> & { readonly cache?: KeyValueCache } =
    {},
): Generator<number> {
  requireInteger(count, 0, "generate", "count");
  const { cache = denseCache(model) } = options;
  let [logits] = forward(model, [{ tokens: prompt, cache }], options);
  for (let made = 0; made < count; made++) {
    const token = sample(logits!, random, options);
    yield token;
    if (made + 1 < count) [logits] = forward(model, [{ tokens: [token], cache }], options);
  }
}
