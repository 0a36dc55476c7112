import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { slidingWindow } from "@fewer-bytes/attention";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  bestRound,
  decodeSeconds,
  expectedTokens,
  predictionModule,
  selfSpeculation,
} from "@fewer-bytes/decoding";
import { parameters } from "@fewer-bytes/transformer";

const target = {
  model: findModel("llama-3.1-8b"),
  hardware: findHardware("nvidia-h100-sxm"),
  devices: 8,
};
const self = selfSpeculation(target, slidingWindow({ window: 508, sinks: 4 }), 0.8);

Deno.test("a draft with a window of the cache costs as much at any context", () => {
  const [near, far] = [1000, 100_000].map((context) =>
    decodeSeconds(self.draft, { batch: 64, context })
  );
  assertAlmostEquals(far! / near!, 1, 1e-9);
  assert(decodeSeconds(target, { batch: 64, context: 100_000 }) > 10 * far!);
});

Deno.test("the gain of self-speculation grows with the batch, that of a small model with all of its cache does not", () => {
  const gains = (speculation: typeof self) =>
    [1, 8, 64, 256].map((batch) => bestRound(speculation, { batch, context: 32_000 }).speedup);
  const own = gains(self);
  assertEquals(own, own.toSorted((a, b) => a - b));
  const small = gains({
    target,
    draft: { ...target, model: findModel("llama-3.2-1b") },
    acceptance: 0.7,
  });
  assertEquals(small, small.toSorted((a, b) => b - a));
  assert(own[0]! < small[0]! && own[3]! > small[3]!);
});

Deno.test("self-speculation never gains more than its tokens, as the draft is as large as the target", () => {
  const { speedup, draftLength } = bestRound(self, { batch: 256, context: 100_000 });
  assert(speedup < expectedTokens(0.8, draftLength));
});

Deno.test("predictionModule() keeps the last layer, the embedding and the head, and nothing else", () => {
  const model = findModel("deepseek-v3");
  const module = predictionModule(model);
  assertEquals(module.layers, [{ ...model.layers.at(-1)!, count: 1 }]);
  const share = parameters(module).total / parameters(model).total;
  assert(share > 1 / 61 && share < 1.25 / 58, `${share} of the model`); // a layer of experts, the embedding, the head
});
