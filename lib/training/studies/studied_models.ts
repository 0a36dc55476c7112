import { fromHuggingFaceConfig, type Model } from "../../catalog/mod.ts";

/**
 * A GPT of any shape: a network four times as wide, learned positions, a tied head.
 *
 * @throws {TypeError} when the heads do not divide the width, or a number is none.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { parameters } from "@fewer-bytes/transformer";
 * import { gptModel } from "@fewer-bytes/training";
 *
 * const { total } = parameters(gptModel("a GPT", 1024, 16, 24));
 * assertAlmostEquals(total / 1e6, 357, 1); // 12 · layers · width², and the embeddings
 * ```
 */
export function gptModel(
  name: string,
  width: number,
  heads: number,
  layers: number,
  vocabulary = 51_200,
): Model {
  return fromHuggingFaceConfig({
    model_type: "gpt2",
    n_embd: width,
    n_head: heads,
    n_layer: layers,
    n_positions: 2048,
    n_ctx: 2048,
    vocab_size: vocabulary,
    tie_word_embeddings: true,
  }, name);
}

/**
 * Models of studies about training that are not in the catalog, as GPTs: widths and depths as published, recalled and not
 * read again. Vocabularies are guesses. Parameters add up to the names of those that were GPTs.
 *
 * - megatron: Shoeybi et al., "Megatron-LM" (2019), its largest;
 * - turing: Turing-NLG (Microsoft, 2020); its 28 heads are 16 here, so that 16 devices can share them, as T3's did;
 * - megaGpt2, palm, mtNlg: as T3 (2024) simulates them, whose sublayers depend on the width alone: PaLM is no GPT;
 * - zero60, zero100: Rajbhandari et al., "ZeRO" (2019), its appendix;
 * - trillion: "ZeRO-Infinity" (2021), table 1;
 * - frontier20: a GPT of 20 billion; the paper's shape is not known here, so it is that of GPT-NeoX-20B.
 */
export const studiedModels = {
  megatron: gptModel("Megatron GPT 8.3B", 3072, 32, 72),
  turing: gptModel("Turing-NLG", 4256, 16, 78),
  megaGpt2: gptModel("Mega-GPT-2", 3072, 16, 74),
  palm: gptModel("PaLM, as wide", 18_432, 64, 118),
  mtNlg: gptModel("MT-NLG", 20_480, 128, 105),
  zero60: gptModel("a GPT of 60B", 8192, 32, 75),
  zero100: gptModel("a GPT of 100B", 8192, 64, 125),
  trillion: gptModel("a GPT of 1T", 25_600, 256, 128),
  frontier20: gptModel("a GPT of 20B", 6144, 64, 44),
} as const satisfies Readonly<Record<string, Model>>;
