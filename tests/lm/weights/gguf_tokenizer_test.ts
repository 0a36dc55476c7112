import { assertEquals, assertThrows } from "@std/assert";
import type { GgufHeader } from "../../../lib/lm/weights/gguf_header.ts";
import { readGgufTokenizer } from "../../../lib/lm/weights/gguf_tokenizer.ts";
import type { GgufValue } from "../../../lib/lm/weights/gguf_values.ts";

const fields: Readonly<Record<string, GgufValue>> = {
  model: "gpt2",
  pre: "smollm",
  tokens: [
    "a",
    "b",
    "Ġ",
    "1",
    "ab",
    "'",
    "s",
    "Ċ",
    "'s",
    "ĠĠ",
    "<|x|>",
    "11",
    "Â",
    "ħ",
    "Âħ",
    "ÂħÂħ",
  ],
  token_type: Int32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1),
  merges: ["a b", "' s", "Ġ Ġ", "1 1", "Â ħ", "Âħ Âħ"],
  bos_token_id: 10,
  eos_token_id: 10,
};

const read = (changes: Readonly<Record<string, GgufValue | undefined>> = {}) => {
  const all = Object.entries({ ...fields, ...changes }).filter(([, value]) => value !== undefined);
  const metadata = new Map(
    all.map(([name, value]): [string, GgufValue] => [`tokenizer.ggml.${name}`, value!]),
  );
  const header: GgufHeader = { version: 3, metadata, tensors: new Map() };
  return readGgufTokenizer(header);
};

/** The pieces in which a text is cut, seen from a vocabulary in which everything would be joined. */
const encoded = (text: string, pre = "smollm") => {
  const { tokenizer } = read({ pre });
  return tokenizer.encode(text).map((token) => tokenizer.decode([token]));
};

Deno.test("readGgufTokenizer() cuts out single digits for SmolLM, and runs of them for GPT-2", () => {
  assertEquals(encoded("11"), ["1", "1"]);
  assertEquals(encoded("11", "gpt-2"), ["11"]);
});

Deno.test("readGgufTokenizer() leaves the last space of a run to the word after it, as GPT-2 does", () => {
  assertEquals(encoded("a   b"), ["a", "  ", " ", "b"]);
  assertEquals(encoded("a  "), ["a", "  "]);
  assertEquals(encoded("ab's"), ["ab", "'s"]);
});

Deno.test("readGgufTokenizer() gives SmolLM's digits no space, so a run before them stays whole", () => {
  assertEquals(encoded("a  1"), ["a", "  ", "1"]);
  assertEquals(encoded("a  1", "gpt-2"), ["a", " ", " ", "1"]);
});

Deno.test("readGgufTokenizer() takes for white space what Unicode does, and not what JavaScript does", () => {
  assertEquals(encoded("\u0085\u0085"), ["\u0085\u0085"]);
  assertEquals(encoded("\u0085\u0085b"), ["\u0085", "\u0085", "b"]);
});

Deno.test("readGgufTokenizer() says where a text begins and ends", () => {
  assertEquals([read().start, read().end], [undefined, 10]);
  assertEquals(read({ add_bos_token: true }).start, 10);
  assertEquals(read({ eos_token_id: undefined }).end, undefined);
  assertEquals(read().tokenizer.isSpecial(10), true);
  assertEquals(read().tokenizer.isSpecial(4), false);
});

Deno.test("readGgufTokenizer() takes all tokens for text when the file has no types", () => {
  assertThrows(() => read({ token_type: undefined }).tokenizer.special("<|x|>"), RangeError);
});

const refused: [Record<string, GgufValue | undefined>, new (message: string) => Error, string][] = [
  [{ model: "llama" }, TypeError, 'model must be gpt2: current value is "llama"'],
  [{ model: undefined }, TypeError, "model must be gpt2: current value is undefined"],
  [{ pre: "qwen2" }, TypeError, 'pre must be gpt-2 or smollm: current value is "qwen2"'],
  [{ pre: "constructor" }, TypeError, 'pre must be gpt-2 or smollm: current value is "const'],
  [{ tokens: 5 }, SyntaxError, "tokens must be a list of texts"],
  [{ tokens: [true] }, SyntaxError, "tokens must be a list of texts"],
  [{ merges: undefined }, SyntaxError, "merges must be a list of texts"],
  [{ token_type: [true] }, SyntaxError, "token_type must be a list of 32-bit numbers"],
  [{ token_type: Int32Array.of(1) }, SyntaxError, "token_type must be a list of 16 numbers"],
  [{ eos_token_id: 16 }, SyntaxError, "eos_token_id must be a whole number below 16"],
  [{ eos_token_id: -1 }, SyntaxError, "eos_token_id must be a whole number below 16"],
];

for (const [changes, kind, message] of refused) {
  Deno.test(`readGgufTokenizer() says that ${message}`, () => {
    assertThrows(() => read(changes), kind, `tokenizer.ggml.${message}`);
  });
}
