/**
 * A real model, held against the original implementations (see fixtures/smollm2_golden.py). The file is not part of the
 * course: `SMOLLM2_GGUF=FILE deno test -A tests/lm/weights/smollm2_test.ts` names it; without, these tests are ignored.
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { seeded } from "../../../lib/numeric/mod.ts";
import { forward } from "../../../lib/lm/runtime/forward.ts";
import { denseCache, generate } from "../../../lib/lm/runtime/generate.ts";
import { assembleModel } from "../../../lib/lm/runtime/assemble_model.ts";
import { sourceOf } from "../../../lib/lm/weights/byte_source.ts";
import { readGguf } from "../../../lib/lm/weights/gguf.ts";
import { readGgufHeader } from "../../../lib/lm/weights/gguf_header.ts";
import { readGgufTokenizer } from "../../../lib/lm/weights/gguf_tokenizer.ts";
import golden from "./fixtures/smollm2_golden.json" with { type: "json" };

const mayLook =
  Deno.permissions.querySync({ name: "env", variable: "SMOLLM2_GGUF" }).state === "granted" &&
  Deno.permissions.querySync({ name: "read" }).state === "granted";
const path = mayLook ? Deno.env.get("SMOLLM2_GGUF") : undefined;
const read = async () => sourceOf(await Deno.readFile(path!));

function test(name: string, fn: (t: Deno.TestContext) => Promise<void>) {
  const needed = path ? "" : " (ignored, as SMOLLM2_GGUF does not name the file)";
  Deno.test({ name: `SmolLM2: ${name}${needed}`, fn, ignore: path === undefined });
}

const sha256 = async (bytes: BufferSource) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();

test("the file is the one that the golden values were made from", async () => {
  assertEquals(await sha256(await Deno.readFile(path!)), golden.sha256);
});

test("the tokenizer gives the original's tokens, and its text", async () => {
  const { tokenizer } = readGgufTokenizer(await readGgufHeader(await read()));
  for (const { text, tokens } of golden.encoded) {
    assertEquals(tokenizer.encode(text), tokens, text);
    assertEquals(tokenizer.decode(tokens), text);
  }
  for (const { greedy, text } of golden.continued) assertEquals(tokenizer.decode(greedy), text);
});

test("the model has the original's weights, and predicts what it does", async (t) => {
  const { config, tensors } = await readGguf(await read());
  await t.step("weights are equal bit for bit", async () => {
    for (const [name, hash] of Object.entries(golden.tensors)) {
      assertEquals(await sha256(tensors.get(name)!.data), hash, name);
    }
  });
  const model = assembleModel(config, tensors);
  for (const { prompt, tokens, greedy, firstLogits } of golden.continued) {
    await t.step(`the likeliest 32 tokens after ${JSON.stringify(prompt)}`, () => {
      const [logits] = forward(model, [{ tokens, cache: denseCache(model) }]);
      // Both compute in 32 bits and add in another order.
      for (const [token, logit] of firstLogits) assertAlmostEquals(logits![token!]!, logit!, 1e-4);
      const found = [...generate(model, tokens, greedy.length, seeded(1), { temperature: 0 })];
      assertEquals(found, greedy);
    });
  }
  assert(golden.continued.length === 3);
});
