import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { operatorTime, stepTime } from "@fewer-bytes/roofline";
import { type Operator, operators, sumOperators, traffic } from "@fewer-bytes/transformer";

const b200 = findHardware("nvidia-b200");
const row: Operator = {
  name: "row",
  layers: 1,
  flops: 0,
  bytes: { weights: 0, cache: 0, activations: 0 },
  transfer: 0,
  precision: "bf16",
};

Deno.test("operatorTime() is the longer of arithmetic and traffic, and says which", () => {
  const busy = operatorTime({
    ...row,
    flops: 2250e12,
    bytes: { weights: 4e12, cache: 0, activations: 0 },
  }, b200);
  assertEquals([busy.seconds, busy.bound, busy.compute, busy.memory], [1, "compute", 1, 0.5]);
  const waiting = operatorTime(
    { ...row, flops: 2250e12, bytes: { weights: 8e12, cache: 4e12, activations: 4e12 } },
    b200,
  );
  assertEquals([waiting.seconds, waiting.bound], [2, "memory"]);
  const sending = operatorTime({ ...row, transfer: 900e9 }, b200);
  assertEquals([sending.seconds, sending.bound], [1, "link"]);
  assertThrows(
    () => operatorTime({ ...row, transfer: 1 }, { ...b200, links: [] }),
    RangeError,
    "no link",
  );
});

Deno.test("operatorTime() takes the share of each peak that is reached", () => {
  const work = { ...row, flops: 2250e12, bytes: { weights: 8e12, cache: 0, activations: 0 } };
  assertEquals(operatorTime(work, b200, { compute: 0.5, memory: 1, link: 1 }).seconds, 2);
  assertEquals(operatorTime(work, b200, { compute: 1, memory: 0.25, link: 1 }).bound, "memory");
});

Deno.test("stepTime() is memory-bound for a token and compute-bound for a long prompt", () => {
  const model = findModel("qwen3-8b");
  const token = stepTime(
    operators(model, { phase: "decode", batch: 1, newTokens: 1, context: 1000 }),
    b200,
  );
  const prompt = stepTime(
    operators(model, { phase: "prefill", batch: 1, newTokens: 8192, context: 0 }),
    b200,
  );
  assertEquals([token.bound, prompt.bound], ["memory", "compute"]);
});

Deno.test("stepTime() of a token is its bytes over the bandwidth, to the last few percent", () => {
  for (const name of ["llama-3.1-8b", "llama-3.1-70b", "qwen3-8b"]) {
    const rows = operators(findModel(name), {
      phase: "decode",
      batch: 1,
      newTokens: 1,
      context: 8000,
    });
    const time = stepTime(rows, b200);
    assertAlmostEquals(
      time.seconds,
      traffic(sumOperators(rows)) / 8e12,
      0.001 * time.seconds,
      name,
    );
    assertEquals(time.operators.length, rows.length);
  }
});

Deno.test("stepTime() is the sum of its waits", () => {
  const rows = operators(findModel("llama-3.1-70b"), {
    phase: "decode",
    batch: 64,
    newTokens: 1,
    context: 8000,
  }, {
    devices: 8,
  });
  const { seconds, waiting, operators: times } = stepTime(rows, b200);
  assertAlmostEquals(seconds, times.reduce((sum, time) => sum + time.seconds, 0), 1e-12);
  assertAlmostEquals(seconds, waiting.compute + waiting.memory + waiting.link, 1e-12);
});
