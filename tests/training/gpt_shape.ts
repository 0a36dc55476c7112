/** A GPT of any shape, for tests that compare with formulas for GPT models. */
import { fromHuggingFaceConfig, type Model } from "@fewer-bytes/catalog";
import fc from "fast-check";

export interface GptShape {
  readonly hidden: number;
  readonly heads: number;
  readonly layers: number;
  readonly vocabulary: number;
}

export function gpt({ hidden, heads, layers, vocabulary }: GptShape): Model {
  return fromHuggingFaceConfig({
    model_type: "gpt2",
    n_embd: hidden,
    n_head: heads,
    n_layer: layers,
    n_positions: 2048,
    n_ctx: 2048,
    vocab_size: vocabulary,
    tie_word_embeddings: true,
  }, "a GPT");
}

export const gptShapes: fc.Arbitrary<GptShape> = fc.record({
  heads: fc.integer({ min: 1, max: 16 }).map((heads) => 8 * heads),
  width: fc.constantFrom(64, 128),
  layers: fc.integer({ min: 1, max: 100 }),
  vocabulary: fc.integer({ min: 1000, max: 100_000 }),
}).map(({ width, ...shape }) => ({ ...shape, hidden: width * shape.heads }));
