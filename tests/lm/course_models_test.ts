import { assert, assertEquals, assertGreater } from "@std/assert";
import {
  assembleModel,
  courseTensors,
  decode,
  denseCache,
  encode,
  forward,
  generate,
  type LanguageModel,
  loadModel,
  manifests,
  type Tensor,
} from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import { parameters } from "@fewer-bytes/transformer";
import targetGolden from "../../data/lm/target.golden.json" with { type: "json" };
import targetFile from "../../data/lm/target.safetensors" with { type: "bytes" };

// Made by data/lm/train.py: PyTorch, in 32 bits, from the same 16-bit weights.
const golden = { target: targetGolden };
const files = { target: targetFile };
const names = ["target"] as const;

function logitsOf(model: LanguageModel, tokens: readonly number[]): Float32Array {
  return forward(model, [{ tokens, cache: denseCache(model) }])[0]!;
}

function farthest(actual: ArrayLike<number>, expected: readonly number[]): number {
  return expected.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - actual[index]!)),
    0,
  );
}

for (const name of names) {
  Deno.test(`the ${name} model gives PyTorch's logits within 1e-4`, async () => {
    const model = await loadModel(name);
    for (const { tokens, logits } of golden[name]) {
      assert(farthest(logitsOf(model, tokens), logits) < 1e-4, `${tokens.length} tokens`);
    }
  });

  Deno.test(`a change of 5 % in any one tensor of the ${name} model moves its logits beyond 1e-3`, async () => {
    const tensors = await courseTensors(name);
    const { tokens, logits } = golden[name][0]!;
    for (const tensor of tensors.values()) {
      const changed: Tensor = { ...tensor, data: tensor.data.map((value) => value * 1.05) };
      const model = assembleModel(
        manifests[name].config,
        new Map([...tensors, [tensor.name, changed]]),
      );
      assertGreater(farthest(logitsOf(model, tokens), logits), 1e-3, tensor.name);
    }
  });

  Deno.test(`the manifest of the ${name} model tells its file and its size`, async () => {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", files[name]));
    assertEquals(hash.toHex(), manifests[name].sha256);
    assertEquals(parameters((await loadModel(name)).shape).total, manifests[name].parameters);
  });
}

Deno.test("the weights take at most 8 MB", () => {
  assert(targetFile.length <= 8e6);
});

Deno.test("the target model writes sentences of its language, and the same ones for the same seed", async () => {
  const model = await loadModel("target");
  const prompt = encode("<story> Once there were");
  const write = () => [...generate(model, prompt, 40, seeded(3))];
  assertEquals(write(), write());
  assertEquals(encode(decode(write())).length, 40);
});

Deno.test("the target model does not beat the author of the stories", () => {
  assertGreater(manifests.target.loss, manifests.target.floor);
});
