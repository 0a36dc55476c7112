import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { blockStep } from "@fewer-bytes/offload";

const model = findModel("opt-30b");
const request = { promptTokens: 512, outputTokens: 32 };
const block = { gpuBatch: 48, batches: 3 };
const [layers, hidden] = [48, 7168];

Deno.test("blockStep() moves what FlexGen's appendix A.3 writes down for a layer, all layers together", () => {
  const prefill = blockStep(model, request, block, "prefill");
  const decode = blockStep(model, request, block, "decode");
  const weights = layers * (8 * hidden ** 2 + 4 * hidden * 4 * hidden);
  assertAlmostEquals(decode.weights / weights, 1, 0.013); // the head besides
  assertEquals(prefill.weights, decode.weights);
  assertEquals(prefill.activations, layers * 2 * 512 * hidden * 144);
  assertEquals(decode.activations, layers * 2 * hidden * 144);
  assertEquals(prefill.cacheWritten, layers * 4 * 512 * hidden * 144);
  assertEquals(decode.cacheWritten, layers * 4 * hidden * 144);
  assertAlmostEquals(decode.cacheRead / (layers * 4 * (512 + 16) * hidden * 144), 1, 0.003); // and the new token itself
});

Deno.test("blockStep() reads weights once, however many batches a block has; caches for each", () => {
  const [one, three] = [1, 3].map((batches) =>
    blockStep(model, request, { gpuBatch: 48, batches }, "decode")
  );
  assertEquals(three!.weights, one!.weights);
  assertAlmostEquals(three!.cacheRead / one!.cacheRead, 3, 1e-12);
  assertEquals(three!.rows, one!.rows);
});

Deno.test("blockStep() of a mixture of experts loads more experts for a larger block", () => {
  const experts = findModel("mixtral-8x7b");
  const [few, many] = [1, 8].map((batches) =>
    blockStep(experts, request, { gpuBatch: 1, batches }, "decode").weights
  );
  assert(many! / few! > 3.2 && many! / few! < 8 * (1 - 0.75 ** 8) / 2); // attention does not grow
});
