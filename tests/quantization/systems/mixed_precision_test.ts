import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { estimate, largestBatch } from "@fewer-bytes/roofline";
import { mixedPrecisionStep, mixedPrecisionThroughput } from "@fewer-bytes/quantization";

const a100 = findHardware("nvidia-a100-sxm-80gb");
const h100 = findHardware("nvidia-h100-sxm");
const llama8 = findModel("llama-3.1-8b");
const prefill = { phase: "prefill", batch: 1, newTokens: 2048, context: 0 } as const;
const decode = { phase: "decode", batch: 1, newTokens: 1, context: 1000 } as const;

Deno.test("mixedPrecisionStep() decodes alone at the speed of its bytes, whatever the share", () => {
  const [none, all] = [0, 1].map((share8) => mixedPrecisionStep(llama8, a100, decode, share8));
  assertLess(all!.seconds / none!.seconds, 1.01);
  const bandwidth = a100.memory[0].bandwidth;
  assertAlmostEquals(none!.bytesPerToken / bandwidth / none!.seconds, 1, 0.01);
  assertGreater(none!.speedup, 2.5); // not 3.9: the head stays in 16 bits
  assertAlmostEquals(none!.activationBits, 4.125, 1e-12);
  assertAlmostEquals(all!.activationBits, 8.125, 1e-12);
});

Deno.test("mixedPrecisionStep() prefills the slower the more blocks need eight bits, on an A100 but not on an H100", () => {
  const seconds = [0, 0.2, 0.5, 1].map((share8) =>
    mixedPrecisionStep(llama8, a100, prefill, share8).seconds
  );
  seconds.forEach((each, i) => assert(i === 0 || each > seconds[i - 1]!));
  const ratio = seconds[3]! / seconds[0]!;
  assert(ratio > 1.5 && ratio < 2, `${ratio}`);
  const [none, all] = [0, 1].map((share8) => mixedPrecisionStep(llama8, h100, prefill, share8));
  assertAlmostEquals(all!.seconds / none!.seconds, 1, 0.01);
});

Deno.test("mixedPrecisionThroughput() fits more than four times the batch, and gains more than the 2.02 of COMET's measurement as a bound", () => {
  const request = { promptTokens: 1024, outputTokens: 512 };
  const deployment = { model: llama8, hardware: a100 };
  const plainBatch = largestBatch(deployment, request);
  const plain = estimate(deployment, { ...request, batch: plainBatch });
  const mixed = mixedPrecisionThroughput(deployment, request, 0.16);
  assertGreater(mixed.batch, 4 * plainBatch);
  assertGreater(mixed.tokensPerSecond / plain.tokensPerSecond, 2.02);
  assertLess(mixed.tokensPerSecond / plain.tokensPerSecond, 6);
});

Deno.test("mixedPrecisionThroughput() is 0 where the model does not fit", () => {
  const deployment = { model: findModel("llama-3.1-405b"), hardware: a100 };
  assertEquals(mixedPrecisionThroughput(deployment, { promptTokens: 1, outputTokens: 1 }, 0), {
    batch: 0,
    tokensPerSecond: 0,
  });
});
