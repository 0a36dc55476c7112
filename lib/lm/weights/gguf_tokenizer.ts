import { BytePairTokenizer } from "./byte_pair_tokenizer.ts";
import type { GgufHeader } from "./gguf_header.ts";
import { shown } from "./gguf_values.ts";

/** GPT-2's own: shortened words, words, numbers, signs; a space goes with what follows it, if anything does. */
const gpt2 =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/u;

/** How a text is cut, by the name that GGUF has for it. SmolLM's makers cut out every digit first. */
const patterns: Readonly<Record<string, readonly RegExp[]>> = {
  "gpt-2": [gpt2],
  smollm: [/\p{N}/u, gpt2],
};

/** The kinds of tokens that stand for themselves: unknown, control, and added by the user. */
const specialTypes = [2, 3, 4];

/** A tokenizer from a GGUF file, and what the model's makers say about its tokens. */
export interface GgufTokenizer {
  readonly tokenizer: BytePairTokenizer;
  /** The token that a text begins with, if the model wants one. */
  readonly start: number | undefined;
  /** The token that ends a text or a turn, if there is one. */
  readonly end: number | undefined;
}

/**
 * Makes the tokenizer of a model from the vocabulary in its GGUF file.
 *
 * @throws {SyntaxError} naming the field, when one is missing or damaged.
 * @throws {TypeError} when the model has a tokenizer of another kind.
 */
export function readGgufTokenizer({ metadata }: GgufHeader): GgufTokenizer {
  const field = (name: string) => metadata.get(`tokenizer.ggml.${name}`);
  const oneOf = (name: string, known: readonly string[]): string => {
    const value = field(name);
    if (typeof value === "string" && known.includes(value)) return value;
    throw new TypeError(
      `Cannot use the tokenizer of this GGUF as tokenizer.ggml.${name} must be ${
        known.join(" or ")
      }: current value is ${shown(value)}`,
    );
  };
  const wrong = (name: string, requirement: string): never => {
    throw new SyntaxError(`Cannot read GGUF: tokenizer.ggml.${name} must be ${requirement}`);
  };
  const texts = (name: string): readonly string[] => {
    const value = field(name);
    if (!Array.isArray(value)) return wrong(name, "a list of texts");
    return value.every((text) => typeof text === "string") ? value : wrong(name, "a list of texts");
  };
  oneOf("model", ["gpt2"]);
  const pre = oneOf("pre", Object.keys(patterns));
  const tokens = texts("tokens");
  const types = field("token_type") ?? new Int32Array(tokens.length);
  if (!(types instanceof Int32Array || types instanceof Uint32Array)) {
    return wrong("token_type", "a list of 32-bit numbers");
  }
  if (types.length !== tokens.length) wrong("token_type", `a list of ${tokens.length} numbers`);
  const token = (name: string): number | undefined => {
    const value = field(name);
    if (value === undefined) return undefined;
    const valid = typeof value === "number" && Number.isInteger(value) && value >= 0 &&
      value < tokens.length;
    return valid ? value : wrong(name, `a whole number below ${tokens.length}`);
  };
  const special = Array.from(tokens.keys()).filter((token) => specialTypes.includes(types[token]!));
  return {
    tokenizer: new BytePairTokenizer({
      tokens,
      merges: texts("merges"),
      special,
      patterns: patterns[pre]!,
    }),
    start: field("add_bos_token") === true ? token("bos_token_id") : undefined,
    end: token("eos_token_id"),
  };
}
