/**
 * `deno task lm [--model FILE.gguf] [PROMPT]`: runs a language model in plain TypeScript, and says how fast it was.
 *
 * Exit code: 0 written, 1 the model could not be read or run, 2 wrong usage.
 */
import { parseArgs } from "node:util";
import {
  assembleModel,
  type ByteSource,
  decode,
  encode,
  generate,
  type GgufTokenizer,
  type LanguageModel,
  readGguf,
  readGgufTokenizer,
  readSafetensors,
  storyStart,
  tokenOf,
} from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";

const usage = `Usage: deno task lm [options] [PROMPT]

Continues a text with a language model that runs in plain TypeScript.

  --model FILE     a GGUF file of the Llama architecture, such as SmolLM2; default: the course's own model
  --tokens N       how many tokens to write at most (64)
  --temperature T  0 takes the likeliest token, 1 follows the model (0)
  --seed N         another seed is another text, where the temperature is not 0 (1)
  --chat           asks an instruct model, as its makers' template has it
  --help           this text
`;

const options = {
  model: { type: "string" },
  tokens: { type: "string", default: "64" },
  temperature: { type: "string", default: "0" },
  seed: { type: "string", default: "1" },
  chat: { type: "boolean", default: false },
  help: { type: "boolean", short: "h" },
} as const;

/** Where the task writes: the text, and what is said about it. */
export interface Writer {
  text(text: string): Promise<void>;
  note(text: string): Promise<void>;
}

/** A model with what it takes to talk to it. */
interface Speaker {
  readonly model: LanguageModel;
  readonly prompt: readonly number[];
  readonly ends: (token: number) => boolean;
  readonly write: (tokens: Iterable<number>) => Iterable<string>;
}

/** Runs the task; returns its exit code. */
export async function lm(
  args: readonly string[],
  writer: Writer,
  ownModel: URL = new URL("../../data/lm/target", import.meta.url),
): Promise<number> {
  const misuse = async (problem: string) => {
    await writer.note(`${problem}\n\n${usage}`);
    return 2;
  };
  let given;
  try {
    given = parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    return misuse((error as Error).message.split(". ")[0]!);
  }
  const { values, positionals } = given;
  if (values.help) {
    await writer.text(usage);
    return 0;
  }
  const [count, temperature, seed] = [values.tokens, values.temperature, values.seed].map(Number);
  if (!Number.isSafeInteger(count) || count! < 1) {
    return misuse(`--tokens must be a whole number above 0: current value is ${values.tokens}`);
  }
  if (!(temperature! >= 0 && temperature! < Infinity)) {
    return misuse(`--temperature must be 0 or more: current value is ${values.temperature}`);
  }
  if (!(Number.isInteger(seed) && seed! >= 0 && seed! < 2 ** 32)) {
    return misuse(`--seed must be a whole number below 2^32: current value is ${values.seed}`);
  }
  const prompt = positionals.join(" ");
  if (values.model === undefined && values.chat) return misuse("--chat needs --model FILE");
  if (values.model !== undefined && prompt === "") return misuse("A model needs a PROMPT");

  try {
    const speaker = values.model === undefined
      ? await readOwnModel(ownModel, prompt)
      : await readModel(values.model, prompt, values.chat);
    await speak(speaker, count!, temperature!, seed!, writer);
    return 0;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return 0;
    await writer.note(`${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
}

async function speak(
  { model, prompt, ends, write }: Speaker,
  count: number,
  temperature: number,
  seed: number,
  writer: Writer,
): Promise<void> {
  const room = model.shape.maximumContext - prompt.length;
  if (count > room) {
    throw new RangeError(
      `Cannot write ${count} tokens after a prompt of ${prompt.length} as the model's context has ${model.shape.maximumContext}`,
    );
  }
  const start = performance.now();
  let written = 0;
  let first = start; // when the prompt had been read, and the first token was there
  let last = start;
  function* tokens() {
    for (const token of generate(model, prompt, count, seeded(seed), { temperature })) {
      last = performance.now();
      if (written++ === 0) first = last;
      if (ends(token)) return;
      yield token;
    }
  }
  for (const text of write(tokens())) await writer.text(text);
  await writer.text("\n");
  const rate = written > 1
    ? `, then ${(1000 * (written - 1) / (last - first)).toFixed(1)} tokens/s`
    : "";
  await writer.note(
    `${prompt.length} tokens of prompt in ${
      ((first - start) / 1000).toFixed(2)
    } s${rate}: ${written} in all\n`,
  );
}

async function readModel(path: string, prompt: string, chat: boolean): Promise<Speaker> {
  try {
    using file = await Deno.open(path);
    const { header, config, tensors } = await readGguf(await sourceOfFile(file));
    const vocabulary = readGgufTokenizer(header);
    const { tokenizer, start, end } = vocabulary;
    const plain = [...(start === undefined ? [] : [start]), ...tokenizer.encode(prompt)];
    return {
      model: assembleModel(config, tensors),
      prompt: chat ? chatPrompt(vocabulary, prompt) : plain,
      ends: (token) => token === end || tokenizer.isSpecial(token),
      write: (tokens) => tokenizer.decodeStream(tokens),
    };
  } catch (error) {
    throw new Error(`Cannot run ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** The turns of a conversation with SmolLM2-Instruct. Its makers' template begins with this line when nobody gives one. */
export function chatPrompt({ tokenizer }: GgufTokenizer, prompt: string): number[] {
  const [start, end] = ["<|im_start|>", "<|im_end|>"].map((name) => tokenizer.special(name));
  const turns = [
    "system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face",
    `user\n${prompt}`,
  ];
  const said = turns.flatMap((turn) => [
    start!,
    ...tokenizer.encode(turn),
    end!,
    ...tokenizer.encode("\n"),
  ]);
  return [...said, start!, ...tokenizer.encode("assistant\n")];
}

async function readOwnModel(place: URL, prompt: string): Promise<Speaker> {
  const read = async (extension: string) => {
    try {
      return await Deno.readFile(new URL(`${place.href}${extension}`));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new Error(
        `The course's own model is not here: data/lm/target${extension} is missing. Use --model FILE.gguf`,
      );
    }
  };
  const tensors = readSafetensors(await read(".safetensors"));
  const { config } = JSON.parse(new TextDecoder().decode(await read(".json")));
  const story = tokenOf(storyStart);
  const told = [...encode(prompt)];
  return {
    model: assembleModel(config, tensors),
    prompt: told[0] === story ? told : [story, ...told],
    ends: (token) => token === story,
    *write(tokens) {
      const all = [...told];
      for (const token of tokens) {
        const before = decode(all).length;
        all.push(token);
        yield decode(all).slice(before);
      }
    },
  };
}

async function sourceOfFile(file: Deno.FsFile): Promise<ByteSource> {
  return {
    length: (await file.stat()).size,
    async read(offset, length) {
      await file.seek(offset, Deno.SeekMode.Start);
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const more = await file.read(bytes.subarray(filled));
        if (more === null) break;
        filled += more;
      }
      return bytes.subarray(0, filled);
    },
  };
}

/** Writes all of a text at once, so that it is seen as it comes. */
async function write(stream: typeof Deno.stdout | typeof Deno.stderr, text: string) {
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) rest = rest.subarray(await stream.write(rest));
}

if (import.meta.main) {
  Deno.exitCode = await lm(Deno.args, {
    text: (text) => write(Deno.stdout, text),
    note: (text) => write(Deno.stderr, text),
  });
}
