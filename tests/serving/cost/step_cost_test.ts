import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { findHardware, findModel, modelNames } from "@fewer-bytes/catalog";
import { ideal, stepTime } from "@fewer-bytes/roofline";
import { operators, sumOperators } from "@fewer-bytes/transformer";
import { expertBytes, StepCost, StepTotals } from "@fewer-bytes/serving";
import { llama, qwen } from "../setups.ts";

const hardware = findHardware("nvidia-h100-sxm");

/** The authority is the operator table itself, built anew for each step. */
Deno.test("StepCost agrees with the operator table to 1e-9, for every model of the catalog", () => {
  const decode = fc.record({
    phase: fc.constant("decode" as const),
    batch: fc.integer({ min: 1, max: 300 }),
    newTokens: fc.constant(1),
    context: fc.integer({ min: 0, max: 200_000 }),
  });
  const prefill = fc.record({
    phase: fc.constant("prefill" as const),
    batch: fc.integer({ min: 1, max: 4 }),
    newTokens: fc.integer({ min: 1, max: 10_000 }),
    context: fc.integer({ min: 0, max: 100_000 }),
  });
  for (const name of modelNames) {
    const model = findModel(name);
    const cost = new StepCost({ model, hardware });
    const totals = new StepTotals();
    fc.assert(
      fc.property(fc.oneof(decode, prefill), (step) => {
        const load = cost.load();
        for (let index = 0; index < step.batch; index++) {
          if (step.phase === "decode") load.decode(step.context);
          else load.prefill(step.newTokens, step.context, true);
        }
        const { seconds, bytes, cache, flops } = cost.evaluate(load, totals);
        const table = operators(model, step);
        const sums = sumOperators(table);
        const all = sums.bytes.weights + sums.bytes.cache + sums.bytes.activations;
        const wanted = stepTime(table, hardware).seconds;
        assert(Math.abs(seconds / wanted - 1) < 1e-9, `${name} seconds ${seconds} ${wanted}`);
        assert(Math.abs(bytes / all - 1) < 1e-9, `${name} bytes`);
        assert(Math.abs(flops / sums.flops - 1) < 1e-9, `${name} flops`);
        assert(Math.abs(cache - sums.bytes.cache) <= 1e-9 * all, `${name} cache`);
      }),
      { numRuns: 25, seed: 12 },
    );
  }
});

Deno.test("StepCost agrees with the table of a tensor-parallel group with quantized formats and an efficiency", () => {
  const model = findModel("llama-3.1-70b");
  const formats = {
    weights: { format: "int4", groupSize: 128, scaleBits: 16 },
    cache: "fp8",
    activations: "bf16",
  } as const;
  const efficiency = { compute: 0.6, memory: 0.8, link: 0.7 };
  const cost = new StepCost({ model, hardware, devices: 8, formats, efficiency }, 1e-3);
  const load = cost.load();
  for (let index = 0; index < 40; index++) load.decode(3000);
  const step = { phase: "decode", batch: 40, newTokens: 1, context: 3000 } as const;
  const table = operators(model, step, { formats, devices: 8 });
  assertAlmostEquals(
    cost.evaluate(load, new StepTotals()).seconds,
    1e-3 + stepTime(table, hardware, efficiency).seconds,
    1e-12,
  );
  assert(efficiency.compute < ideal.compute);
});

Deno.test("StepCost sums sequences of different lengths as the table of their mean does", () => {
  const load = llama.load();
  for (const context of [100, 900, 5000, 2000]) load.decode(context);
  const step = { phase: "decode", batch: 4, newTokens: 1, context: 2000 } as const;
  const table = operators(llama.deployment.model, step);
  assertAlmostEquals(
    llama.evaluate(load, new StepTotals()).seconds,
    stepTime(table, hardware).seconds,
    1e-12,
  );
});

Deno.test("StepCost reads the weights once for prompts and decoding together", () => {
  const [together, prompt, decode] = [llama.load(), llama.load(), llama.load()];
  for (const load of [together, decode]) for (let i = 0; i < 32; i++) load.decode(1000);
  for (const load of [together, prompt]) load.prefill(256, 512, true);
  const [both, one, other] = [together, prompt, decode].map((load) =>
    llama.evaluate(load, new StepTotals())
  );
  assertAlmostEquals(both!.weights, one!.weights, 1);
  assertAlmostEquals(both!.cache, one!.cache + other!.cache, 1);
  assertAlmostEquals(both!.flops, one!.flops + other!.flops, 1e3);
  assert(both!.seconds < one!.seconds + other!.seconds);
  assert(both!.seconds > Math.max(one!.seconds, other!.seconds));
});

Deno.test("StepCost looks ahead as if the load were filled again, also past full windows", () => {
  for (const name of ["llama-3.1-8b", "gemma-3-4b", "deepseek-v2-lite", "gpt-oss-20b"]) {
    const cost = new StepCost({ model: findModel(name), hardware });
    const [now, later] = [cost.load(), cost.load()];
    for (const context of [10, 3000, 20_000]) {
      now.decode(context);
      later.decode(context + 7);
    }
    assertAlmostEquals(
      cost.evaluate(now, new StepTotals(), 7).seconds,
      cost.evaluate(later, new StepTotals()).seconds,
      1e-15,
    );
  }
});

Deno.test("StepCost gives a prompt in layer groups the experts of one pass, and the head once", () => {
  const { model, devices } = qwen.deployment;
  const stages = 8;
  let experts = 0, seconds = 0;
  for (let stage = 0; stage < stages; stage++) {
    const load = qwen.load();
    load.prefill(4096, 0, true);
    load.share = 1 / stages;
    load.enters = stage === 0;
    load.leaves = stage === stages - 1;
    const totals = qwen.evaluate(load, new StepTotals());
    experts += totals.experts;
    seconds += totals.seconds;
  }
  assertAlmostEquals(experts / (expertBytes(model, 4096) / devices), 1, 1e-9);
  const whole = qwen.load();
  whole.prefill(4096, 0, true);
  assertAlmostEquals(seconds, qwen.evaluate(whole, new StepTotals()).seconds, 1e-9);
});

Deno.test("StepCost refuses methods whose operators are not linear, and says so", () => {
  const deployment = { model: findModel("llama-3.1-8b"), hardware };
  assertThrows(
    () => new StepCost({ ...deployment, cache: { name: "H2O", budget: 256 } }),
    RangeError,
    "must be linear in tokens and context",
  );
  assertEquals(new StepCost({ ...deployment, cache: { name: "FP8", storage: "fp8" } }).overhead, 0);
  for (const overhead of [-1e-3, NaN]) {
    assertThrows(() => new StepCost(deployment, overhead), RangeError, "the overhead must be");
  }
});
