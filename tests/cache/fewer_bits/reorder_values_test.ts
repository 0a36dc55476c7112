import { assert, assertThrows } from "@std/assert";
import { reorderValues, valueOrder } from "@fewer-bytes/cache";
import { denseCache } from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import { gap, logitsOf, model, someTokens } from "./runs.ts";

Deno.test("reorderValues() changes no logit", () => {
  const random = seeded(2);
  const orders = model.layers.map(() =>
    valueOrder(Array.from({ length: 8 }, () => random.uniform()), 4)
  );
  const reordered = reorderValues(model, orders);
  const tokens = someTokens(9);
  const [before, after] = [model, reordered].map((each) =>
    logitsOf(denseCache(each), tokens, each)
  );
  assert(gap(before!, after!) < 1e-4);
  assert(gap(model.layers[0]!.values.data, reordered.layers[0]!.values.data) > 0.1);
});

Deno.test("reorderValues() refuses orders that leave their head, or are not one for each layer", () => {
  assertThrows(() => reorderValues(model, []), RangeError, "current number is 0");
  const strays = model.layers.map(() => [4, 1, 2, 3, 0, 5, 6, 7]);
  assertThrows(() => reorderValues(model, strays), RangeError, "channel 4 is at 0");
});
