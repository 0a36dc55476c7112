import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel, layerCount } from "@fewer-bytes/catalog";
import { layerStages } from "@fewer-bytes/memory";
import { stepTime } from "@fewer-bytes/roofline";
import { operators } from "@fewer-bytes/transformer";

const hardware = findHardware("nvidia-h200-sxm");
const remote = { name: "remote", capacity: 1e12, bandwidth: 1e12 };
const step = { phase: "decode", batch: 4, newTokens: 1, context: 1000 } as const;

Deno.test("stages are the step: its bytes, its time, layer after layer and the head", () => {
  for (const name of ["llama-3.1-8b", "deepseek-v3", "gemma-2-9b"]) {
    const model = findModel(name);
    const stages = layerStages({ model, hardware }, step, remote, 0);
    assertEquals(stages.length, layerCount(model) + 1);
    const table = operators(model, step);
    const bytes = table.reduce((sum, row) => sum + row.bytes.weights + row.bytes.cache, 0);
    const sum = (of: (stage: typeof stages[0]) => number) =>
      stages.reduce((all, s) => all + of(s), 0);
    assertAlmostEquals(sum((s) => s.stored) / bytes, 1, 1e-9, name);
    assertAlmostEquals(sum((s) => s.compute) / stepTime(table, hardware).seconds, 1, 1e-9, name);
    assertAlmostEquals(sum((s) => s.load) / (bytes / 1e12), 1, 1e-9, name);
  }
});

Deno.test("what is resident is not loaded", () => {
  const model = findModel("llama-3.1-8b");
  const [all, half, none] = [1, 0.5, 0].map((resident) =>
    layerStages({ model, hardware }, step, remote, resident)
  );
  assertEquals(all!.map(({ load }) => load).filter((load) => load > 0), []);
  assertAlmostEquals(half![0]!.load * 2, none![0]!.load, 1e-12);
  assertThrows(
    () => layerStages({ model, hardware }, step, remote, 1.1),
    RangeError,
    "must be from 0 to 1",
  );
});
