import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findHardware, findModel, hardwareCatalog } from "@fewer-bytes/catalog";
import { peakRate, stepTime } from "@fewer-bytes/roofline";
import { type Operator, operators, type Step } from "@fewer-bytes/transformer";
import { prunedOperators, sparseRate, twoFourOperators } from "@fewer-bytes/sparsity";

const h100 = findHardware("nvidia-h100-sxm");
const model = findModel("llama-3.1-70b");
const gain = (step: Step, names: (table: readonly Operator[]) => readonly Operator[]) => {
  const dense = operators(model, step);
  const sparse = twoFourOperators(dense, h100, "bf16");
  return stepTime(names(dense), h100).seconds / stepTime(names(sparse), h100).seconds;
};
const matrices = (table: readonly Operator[]) =>
  table.filter(({ name }) => prunedOperators.includes(name));

Deno.test("sparseRate() is the sparse figure of the datasheets, where they print one", () => {
  const printed: [string, "bf16" | "fp8" | "int8" | "tf32" | "fp4", number][] = [
    ["nvidia-a100-sxm-80gb", "bf16", 624e12],
    ["nvidia-a100-sxm-80gb", "int8", 1248e12],
    ["nvidia-a100-sxm-80gb", "tf32", 312e12],
    ["nvidia-h100-sxm", "bf16", 1979e12],
    ["nvidia-h100-sxm", "fp8", 3958e12],
    ["nvidia-b200", "fp4", 18e15],
    ["nvidia-l4", "fp8", 485e12],
    ["amd-mi300x", "fp8", 5229.8e12],
  ];
  for (const [id, format, rate] of printed) {
    assertAlmostEquals(sparseRate(findHardware(id), format) / rate, 1, 0.003, `${id} ${format}`);
  }
});

Deno.test("sparseRate() is the dense rate on hardware without sparse units, and in formats without them", () => {
  assertEquals(sparseRate(findHardware("nvidia-v100-sxm-32gb"), "fp16"), 125e12);
  assertEquals(sparseRate(findHardware("google-tpu-v5p"), "bf16"), 459e12);
  assertEquals(sparseRate(h100, "fp32"), h100.peak.fp32);
  const mi355x = findHardware("amd-mi355x");
  assertEquals(sparseRate(mi355x, "fp4"), mi355x.peak.fp4);
});

Deno.test("sparseRate() of a format that is done in a wider one is that of the wider one", () => {
  const a100 = findHardware("nvidia-a100-sxm-80gb");
  assertEquals(sparseRate(a100, "fp8"), sparseRate(a100, "bf16"));
  assertEquals(sparseRate(h100, "int4"), sparseRate(h100, "int8")); // Hopper dropped int4
  for (const hardware of hardwareCatalog) {
    const gain = (format: "bf16" | "int2") =>
      sparseRate(hardware, format) / peakRate(hardware, format);
    if (hardware.peak.bf16) assertEquals(gain("int2"), gain("bf16"), hardware.id);
  }
});

Deno.test("2:4 doubles what waits for arithmetic: the matrices of a long prefill", () => {
  const step = { phase: "prefill", batch: 1, newTokens: 8192, context: 0 } as const;
  assertAlmostEquals(gain(step, matrices), 2, 1e-9);
  const whole = gain(step, (table) => table);
  assert(whole > 1.6 && whole < 2, `attention and norms stay: ${whole}`);
});

Deno.test("2:4 speeds decoding up by 16/9 at 16 bits at most, and by nothing what waits for cache", () => {
  const decode = { phase: "decode", batch: 1, newTokens: 1 } as const;
  const short = gain({ ...decode, context: 1 }, matrices);
  assert(short < 16 / 9);
  assertAlmostEquals(short, 16 / 9, 0.001);
  const attention = (table: readonly Operator[]) =>
    table.filter(({ name }) => name === "attention");
  assertEquals(gain({ ...decode, context: 1e6 }, attention), 1);
});

Deno.test("twoFourOperators() leaves embedding, head, cache, activations and their traffic alone", () => {
  const dense = operators(model, { phase: "decode", batch: 4, newTokens: 1, context: 100 });
  const sparse = twoFourOperators(dense, h100, "bf16");
  dense.forEach((row, i) => {
    const pruned = prunedOperators.includes(row.name);
    assertEquals(sparse[i]!.bytes.weights, row.bytes.weights * (pruned ? 9 / 16 : 1));
    assertEquals(sparse[i]!.flops, row.flops / (pruned ? 2 : 1));
    assertEquals(sparse[i]!.bytes.activations, row.bytes.activations);
    assertEquals(sparse[i]!.bytes.cache, row.bytes.cache);
  });
});

Deno.test("twoFourOperators() saves bytes but no arithmetic on hardware without sparse units", () => {
  const t4 = findHardware("nvidia-t4");
  const dense = operators(model, { phase: "decode", batch: 1, newTokens: 1, context: 1 });
  const sparse = twoFourOperators(dense, t4, "bf16");
  assertEquals(
    matrices(sparse).map(({ flops }) => flops),
    matrices(dense).map(({ flops }) => flops),
  );
  assert(
    matrices(sparse).every(({ bytes }, i) => bytes.weights < matrices(dense)[i]!.bytes.weights),
  );
});

Deno.test("every name in prunedOperators is one that an operator table uses", () => {
  const step = { phase: "decode", batch: 1, newTokens: 1, context: 1 } as const;
  const names = ["llama-3.1-8b", "mixtral-8x7b", "deepseek-v3"].flatMap((name) =>
    operators(findModel(name), step).map((row) => row.name)
  );
  for (const name of prunedOperators) assert(names.includes(name), name);
});
