import { readGpt2, readOpt } from "./families/classic.ts";
import { type DecoderFamily, readDecoder } from "./families/decoder.ts";
import { readDeepSeek } from "./families/deepseek.ts";
import { readFalcon } from "./families/falcon.ts";
import type { Model } from "./model.ts";

type Reader = (config: Record<string, unknown>, name: string) => Model;
const decoder = (family: DecoderFamily): Reader => (config, name) =>
  readDecoder(family, config, name);

/** What configurations of the Gemma families may leave out. */
const gemma = {
  head_dim: 256,
  num_key_value_heads: 4,
  num_attention_heads: 8,
  tie_word_embeddings: true,
  sliding_window: 4096,
};

/** A reader for each `model_type`. Defaults and layer rules are those of the transformers library, version 4.57. */
const readers: Record<string, Reader> = {
  llama: decoder({}),
  mistral: decoder({
    biases: [false, false],
    defaults: { num_key_value_heads: 8, sliding_window: 4096 },
    slides: () => true,
  }),
  mixtral: decoder({
    biases: [false, false],
    defaults: { num_key_value_heads: 8 },
    slides: () => true,
    experts: "every layer",
  }),
  qwen2: decoder({
    biases: [true, false],
    defaults: { num_key_value_heads: 32, max_window_layers: 28 },
    slides: (layer, config) =>
      (config.use_sliding_window ?? false) && layer >= (config.max_window_layers ?? 28),
  }),
  qwen3: decoder({
    queryKeyNorm: true,
    defaults: { num_key_value_heads: 32, head_dim: 128 },
    slides: (layer, config) =>
      (config.use_sliding_window ?? false) && layer >= (config.max_window_layers ?? 28),
  }),
  qwen3_moe: decoder({
    queryKeyNorm: true,
    defaults: { num_key_value_heads: 4 },
    experts: "by step",
  }),
  phi3: decoder({ biases: [false, false], slides: () => true }),
  gemma2: decoder({
    norms: 4,
    defaults: { ...gemma, max_position_embeddings: 8192 },
    slides: (layer) => layer % 2 === 0,
  }),
  gemma3_text: decoder({
    norms: 4,
    queryKeyNorm: true,
    defaults: { ...gemma, vocab_size: 262_208, max_position_embeddings: 131_072 },
    slides: (layer, config) => (layer + 1) % Number(config["sliding_window_pattern"] ?? 6) !== 0,
  }),
  gpt_oss: decoder({
    biases: [true, true],
    sinks: true,
    defaults: { num_key_value_heads: 8, head_dim: 64, sliding_window: 128 },
    slides: (layer) => layer % 2 === 0,
    experts: "every layer, with biases",
  }),
  deepseek_v2: (config, name) => readDeepSeek(false, config, name),
  deepseek_v3: (config, name) => readDeepSeek(true, config, name),
  falcon: readFalcon,
  gpt2: readGpt2,
  opt: readOpt,
};

/** The values of `model_type` that {@linkcode fromHuggingFaceConfig} reads. */
export const supportedArchitectures: readonly string[] = Object.keys(readers).toSorted();

/**
 * Which shape has this model? Turns a `config.json`, as Hugging Face models ship it, into a {@linkcode Model}.
 *
 * Fields that a configuration leaves out take the value that its own class gives them; an explicit `head_dim` is
 * believed even where heads times dimension is not the hidden size. A multimodal configuration is read for its text
 * part. What is not known is refused, never guessed.
 *
 * @param config The parsed `config.json`.
 * @param name What to call the model, in messages and figures.
 * @throws {TypeError} for an unsupported architecture, by name, and for a field that is missing or out of range.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fromHuggingFaceConfig } from "@fewer-bytes/catalog";
 *
 * const tiny = fromHuggingFaceConfig({
 *   model_type: "llama", vocab_size: 32000, hidden_size: 2048, intermediate_size: 5632, num_hidden_layers: 22,
 *   num_attention_heads: 32, num_key_value_heads: 4, max_position_embeddings: 2048,
 * }, "TinyLlama 1.1B");
 * assertEquals(tiny.layers.length, 1); // 22 equal layers stand together
 * ```
 */
export function fromHuggingFaceConfig(config: unknown, name = "a model"): Model {
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new TypeError(
      `Cannot read the config of ${name} as it must be a JSON object: current value is ${
        JSON.stringify(config)
      }`,
    );
  }
  const fields = config as Record<string, unknown>;
  const inner = fields["text_config"];
  if (typeof inner === "object" && inner !== null && fields["model_type"] === "gemma3") {
    return fromHuggingFaceConfig(inner, name);
  }
  const type = fields["model_type"];
  const reader = typeof type === "string" && Object.hasOwn(readers, type)
    ? readers[type]
    : undefined;
  if (!reader) {
    throw new TypeError(
      `Cannot read the config of ${name} as its model_type is not supported: it must be one of ${
        supportedArchitectures.join(", ")
      }: current value is ${JSON.stringify(type)}`,
    );
  }
  return reader(fields, name);
}
