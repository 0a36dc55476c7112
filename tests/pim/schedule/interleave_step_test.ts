import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { findHardware, findModel, findPim } from "@fewer-bytes/catalog";
import { operators } from "@fewer-bytes/transformer";
import { stepTime } from "@fewer-bytes/roofline";
import { assignOperators, interleaveStep } from "@fewer-bytes/pim";

// NeuPIMs (ASPLOS 2024): GPT-3's smaller sizes, of which OPT-6.7B has the shape of the 7B; an A100 of 1,555 GB/s.
const pair = { processor: findHardware("nvidia-a100-sxm-40gb"), device: findPim("neupims-memory") };
const model = findModel("opt-6.7b");
const step = (batch: number, subBatches = 2) =>
  interleaveStep({ model, batch, context: 512, subBatches }, pair);

Deno.test("interleaveStep() pays from about NeuPIMs' 256 sequences on, not for fewer", () => {
  const gain = (batch: number) => step(batch).serial / step(batch).concurrent.seconds;
  assert([16, 64, 128].every((batch) => gain(batch) < 0.8));
  assert(gain(256) > 0.9 && gain(384) > 1.2 && gain(512) > 1.4);
  assert(gain(512) < 1.6); // the paper's gain over a naive processor with memory, the largest
});

Deno.test("blocked banks never gain by cutting a batch, and lose while weights are waited for", () => {
  for (const batch of [16, 256, 512]) {
    const { serial, blocked } = step(batch);
    assert(blocked.seconds >= serial * (1 - 1e-12));
  }
  assert(step(16).blocked.seconds > 1.9 * step(16).serial);
});

Deno.test("one sub-batch is the serial step, which has attention where assignOperators() puts it", () => {
  const { serial, blocked, concurrent, processorOnly } = step(64, 1);
  assertAlmostEquals(blocked.seconds, serial, 1e-9 * serial);
  assertAlmostEquals(concurrent.seconds, serial, 1e-9 * serial);
  const table = operators(model, { phase: "decode", batch: 64, newTokens: 1, context: 512 });
  assertAlmostEquals(processorOnly, stepTime(table, pair.processor).seconds, 1e-12);
  const best = assignOperators(table, pair).seconds; // which may put a norm elsewhere, too
  assert(best <= serial && best > 0.999 * serial);
});

Deno.test("interleaveStep() refuses more sub-batches than sequences", () => {
  assertThrows(() => step(1, 2), RangeError, "at most the batch, 1");
  assertThrows(() => step(0), RangeError, "batch");
});
