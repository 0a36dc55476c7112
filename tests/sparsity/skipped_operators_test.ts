import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { seeded } from "@fewer-bytes/numeric";
import { stepTime } from "@fewer-bytes/roofline";
import { operators } from "@fewer-bytes/transformer";
import { neededShare, skippedOperators } from "@fewer-bytes/sparsity";

const model = findModel("llama-3.1-8b");
const everywhere = Object.fromEntries(
  ["queries, keys, values", "attention output", "feed-forward up", "feed-forward down"]
    .map((name) => [name, 0.5]),
);

Deno.test("neededShare() is the share that random picks cover together, by drawing them", () => {
  const random = seeded(4);
  for (const [density, tokens] of [[0.5, 2], [0.1, 8], [0.3, 3]] as const) {
    const columns = 20_000;
    let covered = 0;
    for (let column = 0; column < columns; column++) {
      // A column is needed when any of the tokens picks it; every token draws.
      const picks = Array.from({ length: tokens }, () => random.uniform() < density);
      if (picks.includes(true)) covered++;
    }
    assertAlmostEquals(neededShare(density, tokens), covered / columns, 0.015);
  }
});

Deno.test("half of the activations at zero speed decoding alone up by less than 2, as TEAL's 1.8", () => {
  const h100 = findHardware("nvidia-h100-sxm");
  const gain = (batch: number) => {
    const dense = operators(model, { phase: "decode", batch, newTokens: 1, context: 1000 });
    const sparse = skippedOperators(dense, everywhere, batch);
    return stepTime(dense, h100).seconds / stepTime(sparse, h100).seconds;
  };
  assert(gain(1) > 1.75 && gain(1) < 2, String(gain(1)));
  assert(gain(4) < 1.1 && gain(16) < 1.01); // and is gone with a batch
});

Deno.test("skippedOperators() changes only what it is told, and nothing at density 1", () => {
  const dense = operators(model, { phase: "decode", batch: 2, newTokens: 1, context: 10 });
  assertEquals(skippedOperators(dense, {}, 2), dense);
  assertEquals(skippedOperators(dense, { "feed-forward up": 1 }, 2), dense);
  const sparse = skippedOperators(dense, { "feed-forward up": 0.25 }, 2);
  dense.forEach((row, i) => {
    const own = row.name === "feed-forward up";
    assertEquals(sparse[i]!.flops, row.flops * (own ? 0.25 : 1));
    assertEquals(sparse[i]!.bytes.weights, row.bytes.weights * (own ? 1 - 0.75 ** 2 : 1));
    assertEquals(sparse[i]!.bytes.activations, row.bytes.activations);
  });
});

Deno.test("neededShare() refuses a density that is no share, and no tokens", () => {
  assertThrows(() => neededShare(1.2, 1), RangeError, "density");
  assertThrows(() => neededShare(0.5, 0), RangeError, "tokens");
});
