import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { modelFlops, trainingForward, trainingStep } from "@fewer-bytes/training";
import { gpt } from "../gpt_shape.ts";

const hardware = findHardware("nvidia-a100-sxm-80gb");
const work = {
  model: findModel("llama-2-7b"),
  hardware,
  batch: { sequences: 2, tokens: 2048 },
} as const;

// Korthikanti et al. (2022), table 5 (recalled): GPT-3 with 64 sequences on 64 A100 takes 13.75 s a step and reaches
// 51.4 %, counting all pairs of tokens.
Deno.test("the model's operations are those behind a published utilization", () => {
  const shape = { hidden: 12288, heads: 96, layers: 96, vocabulary: 51_200 };
  const rows = trainingForward(gpt(shape), { sequences: 64, tokens: 2048 });
  const attention = rows.find(({ name }) => name === "attention")!.flops;
  const allPairs = modelFlops(rows) + 3 * attention * (2 * 2048 / 2049 - 1);
  assertAlmostEquals(allPairs / (13.75 * 64 * 312e12), 0.514, 0.003);
});

Deno.test("a long step is bound by its arithmetic: the ideal device reaches almost all of its peak", () => {
  const step = trainingStep({ ...work, attention: "scores", microBatches: 32 });
  assert(step.modelUtilization > 0.85 && step.modelUtilization < 1);
  assertEquals(step.forward.bound, "compute");
  assertEquals(step.update.bound, "memory");
});

Deno.test("times and counts belong together", () => {
  const step = trainingStep({ ...work, microBatches: 3, recompute: "layers" });
  const { forward, recomputed, backward, update } = step;
  const parts = forward.seconds + recomputed.seconds + backward.seconds;
  assertAlmostEquals(step.seconds, 3 * parts + update.seconds, 1e-9);
  assertAlmostEquals(step.tokensPerSecond, 3 * 4096 / step.seconds, 1e-6);
  assertAlmostEquals(step.modelUtilization, step.modelFlops / (step.seconds * 312e12), 1e-12);
  assert(step.hardwareUtilization > step.modelUtilization);
});

Deno.test("full recomputation adds a forward pass of the layers: close to a third more operations", () => {
  const flops = (recompute: "nothing" | "layers") =>
    trainingStep({ ...work, attention: "scores", recompute }).hardwareFlops;
  assertAlmostEquals(flops("layers") / flops("nothing"), 4 / 3, 0.01);
});

Deno.test("half the efficiency takes twice as long where arithmetic decides", () => {
  const at = (compute: number) =>
    trainingStep({ ...work, efficiency: { compute, memory: 1, link: 1 } }).backward.waiting.compute;
  assertAlmostEquals(at(0.25) / at(0.5), 2, 0.01);
});

Deno.test("micro-batches that are none are refused", () => {
  assertThrows(() => trainingStep({ ...work, microBatches: 0 }), RangeError, "microBatches");
});
