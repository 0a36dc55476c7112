import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { blockChooser, SelectiveCache, windowChooser } from "@fewer-bytes/attention";
import { WindowCache } from "@fewer-bytes/cache";
import { selfDrafter } from "@fewer-bytes/decoding";
import { denseCache, forward, probabilities } from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import { tinyModel } from "../tiny.ts";

const model = tinyModel();
const text = [3, 1, 4, 1, 5, 9, 2, 6];

Deno.test("selfDrafter() draws by sparse attention to the target's own keys, and leaves its cache as it was", () => {
  const cache = denseCache(model);
  forward(model, [{ tokens: text.slice(0, -1), cache }]);
  const chooser = () => windowChooser(model, { window: 3, sinks: 1 });
  const before = [cache.length, cache.bytes];
  const { tokens, laws } = selfDrafter(model, cache, chooser()).draft(text, 2, 1, seeded(1));
  assertEquals([cache.length, cache.bytes], before);

  const other = denseCache(model);
  forward(model, [{ tokens: text.slice(0, -1), cache: other }]);
  const sparse = new SelectiveCache(other, model, chooser());
  for (const [place, token] of [text.at(-1)!, tokens[0]!].entries()) {
    const [logits] = forward(model, [{ tokens: [token], cache: sparse }]);
    probabilities(logits!).forEach((p, at) => assertAlmostEquals(laws[place]![at]!, p, 1e-6));
  }
});

Deno.test("selfDrafter() refuses choosers that keep something of each token, and caches that cannot forget", () => {
  const chooser = blockChooser(model, { blockSize: 2, topK: 2 });
  assertThrows(() => selfDrafter(model, denseCache(model), chooser), TypeError, "keep nothing");
  const forgetful = new WindowCache(model, { window: 4 });
  assertThrows(
    () => selfDrafter(model, forgetful, windowChooser(model, { window: 2 })),
    TypeError,
    "must be able to forget",
  );
});
