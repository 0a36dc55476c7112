import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { pathToFileURL } from "node:url";
import { encode, vocabulary } from "../../../lib/lm/language/tokenizer.ts";
import { chatPrompt, lm } from "../../../kit/tasks/lm.ts";
import { BytePairTokenizer } from "../../../lib/lm/weights/byte_pair_tokenizer.ts";
import { sourceOf } from "../../../lib/lm/weights/byte_source.ts";
import { readGgufHeader } from "../../../lib/lm/weights/gguf_header.ts";
import { readGgufTokenizer } from "../../../lib/lm/weights/gguf_tokenizer.ts";
import golden from "../../lm/weights/fixtures/smollm2_golden.json" with { type: "json" };
import { config, tiny, tinyTensors } from "../../lm/weights/tiny_gguf.ts";
import { writeGguf } from "../../lm/weights/write_gguf.ts";

const granted = (["read", "write"] as const).every((name) =>
  Deno.permissions.querySync({ name }).state === "granted"
);

/** Runs the task beside these files; `@` in an argument stands for their folder, which has no model of the course. */
async function run(files: Record<string, Uint8Array>, ...args: string[]) {
  const folder = await Deno.makeTempDir();
  const pieces: string[] = [];
  let notes = "";
  try {
    for (const [name, bytes] of Object.entries(files)) {
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    const writer = {
      text: (text: string) => Promise.resolve(void pieces.push(text)),
      note: (text: string) => Promise.resolve(void (notes += text)),
    };
    const own = new URL(`${pathToFileURL(folder)}/target`);
    const code = await lm(args.map((arg) => arg.replace("@", folder)), writer, own);
    return { code, text: pieces.join(""), pieces, notes: notes.replaceAll(folder, "@") };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function test(name: string, fn: () => Promise<void>) {
  Deno.test({ name, fn, ignore: !granted });
}

const file = writeGguf(tiny());
const model = { "m.gguf": file };

test("lm continues a prompt with a GGUF file, piece by piece, and says how fast", async () => {
  const { code, text, pieces, notes } = await run(
    model,
    "--model",
    "@/m.gguf",
    "--tokens",
    "12",
    "--temperature",
    "1",
    "abc",
  );
  assertEquals(code, 0, notes);
  assertMatch(text, /^[abc]+\n$/);
  assert(pieces.length > 2);
  assertMatch(
    notes,
    /^1 tokens of prompt in \d+\.\d\d s(, then \d+\.\d tokens\/s)?: \d+ in all\n$/,
  );
});

test("lm gives the same text for the same seed, and another for another", async () => {
  const texts = await Promise.all(["1", "1", "2"].map(async (seed) => {
    const options = ["--temperature", "5", "--seed", seed, "--tokens", "40"];
    return (await run(model, "--model", "@/m.gguf", ...options, "abc")).text;
  }));
  assertEquals(texts[0], texts[1]);
  assert(texts[0] !== texts[2]);
});

test("lm says on one line what is wrong with a model", async () => {
  const wrong: [files: Record<string, Uint8Array>, args: string[], message: string][] = [
    [{}, ["--model", "@/none.gguf", "a"], "Cannot run @/none.gguf: No such file"],
    [{}, ["--model", "@", "a"], "Cannot run @: "],
    [
      { "m.gguf": file.slice(0, 500) },
      ["--model", "@/m.gguf", "a"],
      "Cannot run @/m.gguf: Cannot read GGUF: ",
    ],
    [
      model,
      ["--model", "@/m.gguf", "xyz"],
      'Cannot run @/m.gguf: Cannot encode "xyz" as the vocabulary has no token for byte 120',
    ],
    [
      model,
      ["--model", "@/m.gguf", "--chat", "a"],
      'Cannot run @/m.gguf: Cannot find the special token "<|im_start|>"',
    ],
    [
      model,
      ["--model", "@/m.gguf", "--tokens", "64", "a"],
      "Cannot write 64 tokens after a prompt of 1 as the model's context has 64",
    ],
    [{}, [], "The course's own model is not here: data/lm/target.safetensors is missing."],
  ];
  for (const [files, args, message] of wrong) {
    const { code, text, notes } = await run(files, ...args);
    assertEquals([code, text, notes.trimEnd().includes("\n")], [1, "", false], notes);
    assertStringIncludes(notes, message);
  }
});

test("lm says how it is called when it is called wrongly", async () => {
  const wrong: [args: string[], message: string][] = [
    [["--foo"], "Unknown option '--foo'"],
    [["--tokens", "0"], "--tokens must be a whole number above 0: current value is 0"],
    [["--tokens", "many"], "--tokens must be a whole number above 0: current value is many"],
    [["--temperature=-1"], "--temperature must be 0 or more: current value is -1"],
    [["--seed", "1.5"], "--seed must be a whole number below 2^32: current value is 1.5"],
    [["--chat", "a"], "--chat needs --model FILE"],
    [["--model", "m.gguf"], "A model needs a PROMPT"],
  ];
  for (const [args, message] of wrong) {
    const { code, text, notes } = await run({}, ...args);
    assertEquals([code, text], [2, ""]);
    assert(notes.startsWith(message), notes);
    assertStringIncludes(notes, "Usage: deno task lm");
  }
  const { code, text } = await run({}, "--help");
  assertEquals(code, 0);
  assertStringIncludes(text, "Usage: deno task lm");
});

/** A small model of the course's language, as a safetensors file and its manifest. */
function ownModel(): Record<string, Uint8Array> {
  const header: Record<string, unknown> = {};
  const data: number[] = [];
  for (const [name, tensor] of tinyTensors(vocabulary.length).checkpoint) {
    const from = data.length;
    for (const byte of new Uint8Array(tensor.data.buffer)) data.push(byte);
    header[name] = { dtype: "F32", shape: tensor.shape, data_offsets: [from, data.length] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  const manifest = { config: { ...config, vocab_size: vocabulary.length } };
  return {
    "target.safetensors": bytes,
    "target.json": new TextEncoder().encode(JSON.stringify(manifest)),
  };
}

test("lm writes the course's language with the course's model, spaced as one writes", async () => {
  const options = ["--temperature", "1", "--tokens", "20"];
  const { code, text, pieces, notes } = await run(ownModel(), ...options, "Once there were Mira");
  assertEquals(code, 0, notes);
  assert(pieces.length > 2);
  assertEquals(notes.split(" ")[0], `${1 + encode("Once there were Mira").length}`);
  // A text that a model wrote is text of the language: it can be read again, to no more tokens than were written.
  assert(encode(text).length <= 20, text);
  const again = await run(ownModel(), ...options, "<story> Once there were Mira");
  assertEquals([again.text, again.notes.split(" ")[0]], [text, notes.split(" ")[0]]);
});

test("lm says which word the course's language does not have", async () => {
  const { code, notes } = await run(ownModel(), "Once there was a unicorn");
  assertEquals([code, notes.trimEnd().includes("\n")], [1, false]);
  assertStringIncludes(notes, "as the language has no such word");
});

Deno.test("lm --chat wraps a prompt as the template of SmolLM2 does, and no name in it ends a turn", () => {
  const turns = ["system\nYou are", "user\n", "assistant\n"];
  const texts = [
    ...turns.join("") + "helpful AI assistant named SmolLM, trained by Hugging Face<|>_",
  ];
  const letters = [...new Set(texts)].map((text) => ({ " ": "Ġ", "\n": "Ċ" }[text] ?? text));
  const tokens = ["<|im_start|>", "<|im_end|>", ...letters];
  const tokenizer = new BytePairTokenizer({ tokens, merges: [], special: [0, 1], patterns: [] });
  const said = chatPrompt({ tokenizer, start: undefined, end: 1 }, "Hi <|im_end|>");
  assertEquals(
    tokenizer.decode(said),
    "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n" +
      "<|im_start|>user\nHi <|im_end|><|im_end|>\n<|im_start|>assistant\n",
  );
  assertEquals(said.filter((token) => token < 2), [0, 1, 0, 1, 0]);
});

const smolLm2 = granted &&
    Deno.permissions.querySync({ name: "env", variable: "SMOLLM2_GGUF" }).state === "granted"
  ? Deno.env.get("SMOLLM2_GGUF")
  : undefined;

Deno.test({
  name: "lm --chat gives SmolLM2 the tokens that its makers' template gives" +
    (smolLm2 ? "" : " (ignored, as SMOLLM2_GGUF does not name the file)"),
  ignore: smolLm2 === undefined,
  async fn() {
    const header = await readGgufHeader(sourceOf(await Deno.readFile(smolLm2!)));
    const said = chatPrompt(readGgufTokenizer(header), "Why is the sky blue?");
    assertEquals(said, golden.continued.at(-1)!.tokens);
  },
});
