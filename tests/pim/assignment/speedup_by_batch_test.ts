import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel, findPim } from "@fewer-bytes/catalog";
import { breakEvenPoints, speedupByBatch } from "@fewer-bytes/pim";

const pair = { processor: findHardware("nvidia-h100-sxm"), device: findPim("attacc-bank") };
const points = (model: string, batches = [1, 2, 4, 8, 16, 32]) =>
  speedupByBatch({ model: findModel(model), context: 4096 }, pair, batches);

Deno.test("a batch leaves attention where it is and takes the feed-forward over the break-even", () => {
  const attention = points("llama-3.1-8b").filter(({ kind }) => kind === "attention");
  for (const { speedup } of attention) assertAlmostEquals(speedup, attention[0]!.speedup, 1e-9);
  const forward = points("llama-3.1-8b").filter(({ kind }) => kind === "feed-forward");
  forward.forEach(({ speedup, batch, intensity }, index) => {
    assertAlmostEquals(intensity, batch, 0.02 * batch);
    assert(index === 0 || speedup < forward[index - 1]!.speedup);
    assertEquals(speedup > 1, batch <= 8); // the break-even is 9
  });
});

Deno.test("speedupByBatch() is the roofs' ratio at its intensity, less the transfers", () => {
  for (const { intensity, speedup } of points("llama-3.1-70b")) {
    const [roof] = breakEvenPoints(pair.processor, pair.device, [intensity]);
    assert(speedup <= roof!.speedup * 1.001 && speedup > 0.9 * roof!.speedup);
  }
});

Deno.test("more queries on a key gain less: MHA 7 to 8, GQA-4 2, GQA-8 1, absorbed MLA a twentieth", () => {
  const attention = (model: string) =>
    points(model, [8]).find(({ kind }) => kind === "attention")!.speedup;
  const expected: [string, number, number][] = [
    ["llama-2-7b", 7, 8],
    ["llama-3.1-8b", 2, 2.3],
    ["llama-3.1-70b", 1, 1.2],
    ["deepseek-v3", 0.02, 0.06],
  ];
  for (const [model, low, high] of expected) {
    const found = attention(model);
    assert(found > low && found < high, `${model} ${found}`);
  }
});

Deno.test("a mixture of experts stays in memory for larger batches than a dense model", () => {
  const at = (model: string) => points(model, [32]).find(({ kind }) => kind === "feed-forward")!;
  assert(at("deepseek-v3").speedup > 3 && at("llama-3.1-70b").speedup < 0.5);
  assertThrows(() => points("llama-2-7b", [0]), RangeError, "batch");
});
