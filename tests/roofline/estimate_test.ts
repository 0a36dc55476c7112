import { assertAlmostEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { type Deployment, estimate, stepTime } from "@fewer-bytes/roofline";
import { operators } from "@fewer-bytes/transformer";

const h100 = findHardware("nvidia-h100-sxm");
const llama8: Deployment = { model: findModel("llama-3.1-8b"), hardware: h100 };

/** Adds up every decode step, one by one. */
function decodeStepByStep(
  deployment: Deployment,
  promptTokens: number,
  outputTokens: number,
  batch: number,
): number {
  const { model, hardware, devices = 1 } = deployment;
  let total = 0;
  for (let token = 1; token < outputTokens; token++) {
    const rows = operators(model, {
      phase: "decode",
      batch,
      newTokens: 1,
      context: promptTokens + token - 1,
    }, {
      devices,
    });
    total += stepTime(rows, hardware).seconds;
  }
  return total / (outputTokens - 1);
}

Deno.test("estimate() times the answer as the sum of its steps does, within 0.5 %", () => {
  for (
    const name of ["llama-3.1-8b", "gemma-3-27b", "gpt-oss-20b", "deepseek-v2-lite", "mixtral-8x7b"]
  ) {
    for (
      const [promptTokens, outputTokens, batch] of [[100, 2, 1], [100, 3, 1], [1, 700, 4], [
        3000,
        500,
        64,
      ]] as const
    ) {
      const deployment = { model: findModel(name), hardware: h100 };
      const { timePerOutputToken } = estimate(deployment, { promptTokens, outputTokens, batch });
      const exact = decodeStepByStep(deployment, promptTokens, outputTokens, batch);
      assertAlmostEquals(
        timePerOutputToken,
        exact,
        0.005 * exact,
        `${name} ${promptTokens} ${outputTokens} ${batch}`,
      );
    }
  }
});

Deno.test("estimate() prefills a long prompt in parts that cost at least as much as one pass", () => {
  const once = estimate({ ...llama8, prefillTokens: 2 ** 20 }, {
    promptTokens: 50_000,
    outputTokens: 1,
  });
  const parts = estimate({ ...llama8, prefillTokens: 4096 }, {
    promptTokens: 50_000,
    outputTokens: 1,
  });
  assertGreater(parts.timeToFirstToken, once.timeToFirstToken);
  assertLess(parts.timeToFirstToken, once.timeToFirstToken * 1.1);
});

Deno.test("estimate() prefills several short prompts in one step while they fit in it", () => {
  const time = (batch: number) =>
    estimate({ ...llama8, prefillTokens: 1000 }, { promptTokens: 300, outputTokens: 1, batch })
      .timeToFirstToken;
  assertAlmostEquals(time(6), 2 * time(3), 1e-12);
  assertAlmostEquals(time(7), 2 * time(3) + time(1), 1e-12);
});

Deno.test("estimate() agrees with the closed form of a memory-bound token", () => {
  const { timePerOutputToken } = estimate(llama8, { promptTokens: 1000, outputTokens: 2 });
  // (8.03 - 0.525) B weights x 2 B + 1,001 x 131,072 B, over 3.35 TB/s; activations add less than 0.5 %
  const expected = ((8_030_261_248 - 128_256 * 4096) * 2 + 1001 * 131_072) / 3.35e12;
  assertAlmostEquals(timePerOutputToken, expected, 0.005 * expected);
});

Deno.test("estimate() is a bound: measured times of a 13B model are 1 to 1.6 times as long", () => {
  // Published for FasterTransformer, 13B, half precision, one A100-40GB, 512 tokens: prefill 63.2 ms, decode 22.0 ms.
  const { timeToFirstToken, timePerOutputToken } = estimate(
    { model: findModel("llama-2-13b"), hardware: findHardware("nvidia-a100-sxm-40gb") },
    { promptTokens: 512, outputTokens: 16 },
  );
  for (
    const [estimated, measured] of [[timeToFirstToken, 63.2e-3], [
      timePerOutputToken,
      22.0e-3,
    ]] as const
  ) {
    assertGreater(measured / estimated, 1);
    assertLess(measured / estimated, 1.6);
  }
});

Deno.test("estimate() refuses values out of range, by name", () => {
  const request = { promptTokens: 10, outputTokens: 10 };
  const cases: [() => unknown, string][] = [
    [() => estimate(llama8, { ...request, promptTokens: 0 }), "promptTokens"],
    [() => estimate(llama8, { ...request, outputTokens: NaN }), "outputTokens"],
    [() => estimate(llama8, { ...request, batch: -1 }), "batch"],
    [() => estimate({ ...llama8, devices: 0 }, request), "devices"],
    [() => estimate({ ...llama8, devices: 3 }, request), "32 query heads"],
    [() => estimate({ ...llama8, memoryShare: 1.5 }, request), "memoryShare must be <= 1"],
    [
      () => estimate({ ...llama8, efficiency: { compute: 0, memory: 1, link: 1 } }, request),
      "compute must be > 0",
    ],
  ];
  for (const [body, words] of cases) assertThrows(body, RangeError, words);
});
