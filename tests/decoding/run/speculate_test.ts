import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { windowChooser } from "@fewer-bytes/attention";
import { WindowCache } from "@fewer-bytes/cache";
import {
  chiSquare,
  type Drafter,
  lawsAlong,
  lookupDrafter,
  modelDrafter,
  selfDrafter,
  sequenceLaw,
  speculate,
} from "@fewer-bytes/decoding";
import { denseCache, forward, generate, probabilities } from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import { otherTinyModel, tinyModel } from "../tiny.ts";

const target = tinyModel();
const vocabulary = target.shape.vocabularySize;
const prompt = [3, 1, 4, 1, 5];

/** Each kind of drafter, made anew with the target's cache. */
const drafters: Record<string, (cache: ReturnType<typeof denseCache>) => Drafter> = {
  model: () => modelDrafter(otherTinyModel()),
  self: (cache) => selfDrafter(target, cache, windowChooser(target, { window: 2 })),
  lookup: () => lookupDrafter(vocabulary, 1),
};

Deno.test("speculate() at temperature 0 writes what the target writes alone, with any drafter", () => {
  const plain = [...generate(target, prompt, 40, seeded(1), { temperature: 0 })];
  for (const [name, make] of Object.entries(drafters)) {
    for (const draftLength of [0, 1, 3, 6]) {
      const cache = denseCache(target);
      const rounds = speculate(target, make(cache), prompt, 40, seeded(1), {
        draftLength,
        temperature: 0,
        cache,
      });
      const tokens = [...rounds].flatMap(({ tokens }) => tokens);
      assertEquals(tokens.slice(0, 40), plain, `${name}, ${draftLength}`);
    }
  }
});

Deno.test("speculate() keeps the law of texts: pairs of tokens follow the target's chances", () => {
  const temperature = 0.7;
  const law = sequenceLaw(
    (prefix) => lawsAlong({ model: target }, [...prompt, ...prefix], temperature).at(-1)!,
    2,
  );
  for (const [name, make] of Object.entries(drafters)) {
    const random = seeded(9);
    const counts = new Float64Array(law.length);
    for (let n = 0; n < 800; n++) {
      const cache = denseCache(target);
      const rounds = speculate(target, make(cache), prompt, 2, random, {
        draftLength: 2,
        temperature,
        cache,
      });
      const [a, b] = [...rounds].flatMap(({ tokens }) => tokens);
      counts[a! * vocabulary + b!]!++;
    }
    assert(chiSquare(counts, law).chance > 1e-3, name);
  }
});

Deno.test("speculate() leaves in the cache what plain decoding would have left", () => {
  for (const make of Object.values(drafters)) {
    const cache = denseCache(target);
    const text = [...prompt];
    for (const { tokens } of speculate(target, make(cache), prompt, 20, seeded(4), { cache })) {
      text.push(...tokens);
      assertEquals(cache.length, text.length - 1);
    }
    const [logits] = forward(target, [{ tokens: text.slice(-1), cache }]);
    const expected = lawsAlong({ model: target }, text).at(-1)!;
    probabilities(logits!).forEach((p, token) => assertAlmostEquals(p, expected[token]!, 1e-5));
  }
});

Deno.test("a target that drafts for itself with all of its cache is accepted whole", () => {
  const cache = denseCache(target);
  const drafter = selfDrafter(target, cache, windowChooser(target, { window: 100 }));
  for (
    const { drafted, accepted, tokens, chances } of speculate(
      target,
      drafter,
      prompt,
      20,
      seeded(2),
      {
        cache,
      },
    )
  ) {
    assertEquals([drafted, accepted, tokens.length], [4, 4, 5]);
    chances.forEach((chance) => assertAlmostEquals(chance, 1, 1e-4));
  }
});

Deno.test("a round judges drafts up to the first refusal, and says how likely they were", () => {
  let refused = 0;
  for (
    const round of speculate(target, drafters.model!(denseCache(target)), prompt, 40, seeded(3))
  ) {
    const { tokens, drafted, accepted, chances } = round;
    assertEquals(tokens.length, accepted + 1);
    assertEquals(chances.length, Math.min(drafted, accepted + 1));
    assert(chances.every((chance) => chance >= 0 && chance <= 1 + 1e-9));
    if (accepted < drafted) refused++;
  }
  assert(refused > 0, "the other model is not the target");
});

Deno.test("speculate() needs a prompt, and a cache that can forget", () => {
  const drafter = drafters.lookup!(denseCache(target));
  const run = (...[text, options]: [number[], Parameters<typeof speculate>[5]?]) => [
    ...speculate(target, drafter, text, 3, seeded(1), options),
  ];
  assertThrows(() => run([]), RangeError, "the prompt's length");
  assertThrows(() => run(prompt, { draftLength: -1 }), RangeError, "the draft length");
  const cache = new WindowCache(target, { window: 4 });
  assertThrows(() => run(prompt, { cache }), TypeError, "must be able to forget");
});
