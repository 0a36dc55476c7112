import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { verification } from "@fewer-bytes/decoding";
import { seeded } from "@fewer-bytes/numeric";

const hardware = findHardware("nvidia-b200");

Deno.test("a dense target verifies five tokens for the bandwidth of one, and five times the arithmetic", () => {
  const ratios = verification({ model: findModel("qwen3-8b"), hardware }, { context: 4000 }, 5);
  assertAlmostEquals(ratios.bytes, 1, 0.01);
  assertAlmostEquals(ratios.weights, 1, 1e-4); // a few more rows of the embedding table
  assertAlmostEquals(ratios.cache, 1, 0.003);
  assertAlmostEquals(ratios.flops, 5, 0.01);
  assertEquals(ratios.experts, undefined);
});

Deno.test("a mixture of experts reads the union of what the tokens pick", () => {
  const model = findModel("mixtral-8x7b");
  const { experts, weights } = verification({ model, hardware }, { context: 100 }, 5);
  // Draw the experts of five tokens, again and again.
  const random = seeded(1);
  let sum = 0;
  for (let n = 0; n < 5000; n++) {
    const picked = new Set(
      Array.from({ length: 5 }, () => random.shuffle([0, 1, 2, 3, 4, 5, 6, 7]).slice(0, 2)).flat(),
    );
    sum += picked.size;
  }
  assertAlmostEquals(experts!, sum / 5000, 0.1);
  assert(weights > 2.5 && weights < experts! / 2);
});

Deno.test("a large batch has read all experts already", () => {
  const { weights } = verification(
    { model: findModel("mixtral-8x7b"), hardware },
    { batch: 64, context: 100 },
    5,
  );
  assertAlmostEquals(weights, 1, 1e-3);
});

Deno.test("one token costs what one token costs", () => {
  const { bytes, seconds } = verification({ model: findModel("qwen3-8b"), hardware }, {
    context: 9,
  }, 1);
  assertEquals([bytes, seconds], [1, 1]);
  assertThrows(
    () => verification({ model: findModel("qwen3-8b"), hardware }, { context: 9 }, 0),
    RangeError,
    "the tokens",
  );
});
