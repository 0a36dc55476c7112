import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { WindowCache } from "@fewer-bytes/cache";
import { lawsAlong, modelDrafter } from "@fewer-bytes/decoding";
import { seeded } from "@fewer-bytes/numeric";
import { tinyModel } from "../tiny.ts";

Deno.test("modelDrafter() says by which law it drew, whatever became of its earlier drafts", () => {
  const model = tinyModel();
  const drafter = modelDrafter(model);
  const random = seeded(1);
  // Texts that go on from drafts, contradict them, and begin anew.
  for (const text of [[1], [1, 2, 3], [1, 2, 4, 5, 6], [1, 2, 4], [7, 7]]) {
    const { tokens, laws } = drafter.draft(text, 3, 0.7, random);
    const expected = lawsAlong({ model }, [...text, ...tokens], 0.7).slice(text.length - 1, -1);
    assertEquals([tokens.length, laws.length], [3, 3]);
    laws.forEach((law, place) =>
      law.forEach((p, token) => assertAlmostEquals(p, expected[place]![token]!, 1e-5))
    );
  }
});

Deno.test("modelDrafter() drafts nothing when nothing is wanted", () => {
  assertEquals(modelDrafter(tinyModel()).draft([1, 2], 0, 1, seeded(1)), { tokens: [], laws: [] });
});

Deno.test("modelDrafter() needs a cache that can forget", () => {
  const model = tinyModel();
  const cache = new WindowCache(model, { window: 4 });
  assertThrows(() => modelDrafter(model, { cache }), TypeError, "must be able to forget");
});
