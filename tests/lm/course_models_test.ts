import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertLessOrEqual,
} from "@std/assert";
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
  probabilities,
  score,
  type Tensor,
  writeStory,
} from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import { parameters } from "@fewer-bytes/transformer";
import draftGolden from "../../data/lm/draft.golden.json" with { type: "json" };
import draftFile from "../../data/lm/draft.safetensors" with { type: "bytes" };
import targetGolden from "../../data/lm/target.golden.json" with { type: "json" };
import targetFile from "../../data/lm/target.safetensors" with { type: "bytes" };

// Made by data/lm/train.py: PyTorch, in 32 bits, from the same 16-bit weights.
const golden = { target: targetGolden, draft: draftGolden };
const files = { target: targetFile, draft: draftFile };
const names = ["target", "draft"] as const;

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

Deno.test("the weights of both models take at most 8 MB", () => {
  assert(targetFile.length + draftFile.length <= 8e6);
});

Deno.test("the target model writes sentences of its language, and the same ones for the same seed", async () => {
  const model = await loadModel("target");
  const prompt = encode("<story> Once there were");
  const write = () => [...generate(model, prompt, 40, seeded(3))];
  assertEquals(write(), write());
  assertEquals(encode(decode(write())).length, 40);
});

const stories = [writeStory(3, 512), writeStory(5, 512)];

Deno.test("no model beats the author of the stories, and the draft is clearly worse than the target", () => {
  const { target, draft } = manifests;
  assertGreater(target.loss, target.floor);
  assertGreater(draft.loss, 1.02 * target.loss);
});

Deno.test("the target model stays within 5 % of the floor on the test stories, and recalls 95 % of what it was told up to 512 tokens before", () => {
  const { loss, floor, recall } = manifests.target;
  assertLessOrEqual(loss, 1.05 * floor);
  const near = Object.entries(recall).filter(([upTo]) => Number(upTo) <= 512).map(([, share]) =>
    share
  );
  const total = near.reduce((sum, [count]) => sum + count!, 0);
  assertGreaterOrEqual(
    near.reduce((sum, [count, right]) => sum + count! * right!, 0) / total,
    0.95,
  );
});

Deno.test("the target model scores here what its manifest says, as far as two stories can tell", async () => {
  const { loss, floor, recall } = score(await loadModel("target"), stories);
  assertAlmostEquals(loss - floor, manifests.target.loss - manifests.target.floor, 0.03);
  const right = recall.reduce((sum, { count, right }) => sum + count * right, 0);
  assertGreater(right / recall.reduce((sum, { count }) => sum + count, 0), 0.9);
});

Deno.test("between 0.6 and 0.85 of the draft's guesses are taken at temperature 1: one minus the distance of the two laws", async () => {
  const [target, draft] = await Promise.all(names.map((name) => loadModel(name)));
  const laws = (model: LanguageModel, tokens: Uint16Array) =>
    forward(model, [{ tokens, cache: denseCache(model) }], { logits: "all" })[0]!;
  const size = target!.shape.vocabularySize;
  let taken = 0, count = 0;
  for (const { tokens } of stories) {
    const [p, q] = [laws(target!, tokens), laws(draft!, tokens)];
    for (let at = 0; at < p.length; at += size, count++) {
      const [wanted, guessed] = [p, q].map((logits) =>
        probabilities(logits.subarray(at, at + size))
      );
      taken += wanted!.reduce((sum, chance, token) => sum + Math.min(chance, guessed![token]!), 0);
    }
  }
  assertGreater(taken / count, 0.6);
  assertLess(taken / count, 0.85);
});
