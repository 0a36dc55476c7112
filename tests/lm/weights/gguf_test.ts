import { assert, assertEquals, assertRejects } from "@std/assert";
import { forward } from "../../../lib/lm/runtime/forward.ts";
import { denseCache } from "../../../lib/lm/runtime/generate.ts";
import { assembleModel } from "../../../lib/lm/runtime/assemble_model.ts";
import type { LanguageModel } from "../../../lib/lm/runtime/language_model.ts";
import { sourceOf } from "../../../lib/lm/weights/byte_source.ts";
import { readGguf } from "../../../lib/lm/weights/gguf.ts";
import { config, tiny, tinyMetadata, tinyTensors } from "./tiny_gguf.ts";
import { type GgufParts, type Typed, writeGguf } from "./write_gguf.ts";

const read = (parts: GgufParts) => readGguf(sourceOf(writeGguf(parts)));

const logits = (model: LanguageModel) => {
  const tokens = [0, 3, 4, 1, 2, 5, 3];
  return forward(model, [{ tokens, cache: denseCache(model) }], { logits: "all" })[0]!;
};

Deno.test("readGguf() gives the config.json of the model", async () => {
  assertEquals((await read(tiny())).config, config);
});

Deno.test("readGguf() gives the tensors of the checkpoint, queries and keys in their own order", async () => {
  const { tensors } = await read(tiny());
  const { checkpoint } = tinyTensors();
  assertEquals([...tensors.keys()].toSorted(), [...checkpoint.keys()].toSorted());
  for (const [name, tensor] of checkpoint) assertEquals(tensors.get(name), tensor);
});

Deno.test("readGguf() gives a model that predicts what the checkpoint does", async () => {
  const { config: found, tensors } = await read(tiny());
  assertEquals(
    logits(assembleModel(found, tensors)),
    logits(assembleModel(config, tinyTensors().checkpoint)),
  );
});

Deno.test("readGguf() takes a head of its own where the file has one", async () => {
  const parts = tinyTensors().parts;
  const head = { ...parts[0]!, name: "output.weight" };
  const model = await read(tiny({ tensors: [...parts, head] }));
  assertEquals(model.config["tie_word_embeddings"], false);
  assertEquals(model.tensors.get("lm_head.weight")!.shape, [6, 8]);
});

Deno.test("readGguf() says in which format the file has a tensor", async () => {
  const tensors = tinyTensors().parts.map((part) =>
    part.name === "output_norm.weight" ? { ...part, type: 1, bytes: new Uint8Array(16) } : part
  );
  const { tensors: found } = await read(tiny({ tensors }));
  assertEquals<string>(found.get("model.norm.weight")!.storedAs, "F16");
});

Deno.test("readGguf() reads each byte of the tensors once", async () => {
  const file = writeGguf(tiny());
  let total = 0;
  await readGguf({
    length: file.length,
    read(offset, length) {
      total += length;
      return Promise.resolve(file.subarray(offset, offset + length));
    },
  });
  assert(total <= 2 * file.length, `${total} bytes read of ${file.length}`);
});

const refused: Record<string, [changes: Record<string, Typed>, message: string]> = {
  "another architecture": [
    { "general.architecture": ["string", "gpt2"] },
    'general.architecture must be llama: current value is "gpt2"',
  ],
  "a width that is no number": [
    { "llama.embedding_length": ["string", "8"] },
    'llama.embedding_length must be a number above 0: current value is "8"',
  ],
  "heads of none": [
    { "llama.attention.head_count": ["u32", 0] },
    "llama.attention.head_count must be a number above 0: current value is 0",
  ],
  "heads that differ between layers": [
    { "llama.attention.head_count": ["i32s", [2, 1]] },
    "llama.attention.head_count must be a number above 0: current value is a list of 2",
  ],
  "a head dimension that is odd": [
    { "llama.attention.key_length": ["u32", 3] },
    "llama.attention.key_length must be even: current value is 3",
  ],
  "a rotation of half a head": [
    { "llama.rope.dimension_count": ["u32", 2] },
    "llama.rope.dimension_count must be the head dimension 4: current value is 2",
  ],
  "scaled positions": [
    { "llama.rope.scaling.type": ["string", "yarn"] },
    'llama.rope.scaling.type must be none: current value is "yarn"',
  ],
  "experts": [
    { "llama.expert_count": ["u32", 8] },
    "llama.expert_count must be absent, as the runtime does not know it: current value is 8",
  ],
  "more layers than tensors": [
    { "llama.block_count": ["u32", 4_000_000_000] },
    "llama.block_count must be at most the 20 tensors in the file: current value is 4000000000",
  ],
  "an epsilon that is NaN": [
    { "llama.attention.layer_norm_rms_epsilon": ["f32", NaN] },
    "llama.attention.layer_norm_rms_epsilon must be a number above 0: current value is NaN",
  ],
};

for (const [what, [changes, message]] of Object.entries(refused)) {
  Deno.test(`readGguf() refuses ${what}`, async () => {
    await assertRejects(
      () => read(tiny({ metadata: { ...tinyMetadata, ...changes } })),
      TypeError,
      `Cannot run this GGUF as ${message}`,
    );
  });
}

Deno.test("readGguf() refuses a tensor that the runtime would leave out", async () => {
  const parts = tinyTensors().parts;
  const biases = { ...parts.at(-1)!, name: "blk.0.attn_q.bias" };
  await assertRejects(
    () => read(tiny({ tensors: [...parts, biases] })),
    TypeError,
    'Cannot run this GGUF as the runtime has no place for tensor "blk.0.attn_q.bias"',
  );
});

Deno.test("readGguf() refuses queries that are not heads times their dimension", async () => {
  const changes: Record<string, Typed> = { "llama.attention.head_count": ["u32", 4] };
  await assertRejects(
    () =>
      read(
        tiny({
          metadata: {
            ...tinyMetadata,
            ...changes,
            "llama.attention.key_length": ["u32", 4],
            "llama.attention.value_length": ["u32", 4],
          },
        }),
      ),
    SyntaxError,
    'Cannot read GGUF: tensor "blk.0.attn_q.weight" must have 16 rows: current shape is [8,8]',
  );
});
