import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findMemory, findMemoryLink, findModel } from "@fewer-bytes/catalog";
import {
  behind,
  breakEvenPrice,
  compareExpansion,
  placedFootprint,
  stepBytes,
} from "@fewer-bytes/memory";
import { estimate, footprint } from "@fewer-bytes/roofline";

const hardware = findHardware("nvidia-h100-sxm");
const card = behind(findMemory("samsung-cmm-b"), findMemoryLink("pcie-5-x16"));
const request = { promptTokens: 500, outputTokens: 101 };

Deno.test("compareExpansion() without a second tier is the roofline", () => {
  const deployment = { model: findModel("llama-3.1-70b"), hardware, devices: 4 };
  const [plain] = compareExpansion(deployment, request, card, { devices: [4] });
  const { timePerOutputToken } = estimate(deployment, request);
  assertAlmostEquals(plain!.timePerOutputToken! / timePerOutputToken, 1, 0.001);
  assertEquals(plain!.fits, footprint(deployment, request).fits);
});

Deno.test("140 GB behind a card of 60 GB/s: about half a token a second, as the bytes say", () => {
  const deployment = { model: findModel("llama-3.1-70b"), hardware };
  const [plain, expanded] = compareExpansion(deployment, request, card, { devices: [1] });
  assertEquals([plain!.fits, expanded!.fits], [false, true]);
  const { weights, cache } = stepBytes(deployment, request);
  const over = weights.footprint + cache.footprint - 0.9 * 80e9;
  assertAlmostEquals(expanded!.timePerOutputToken! / (over / 60e9), 1, 0.02);
});

Deno.test("a placement fits into its tiers, the near one to its share", () => {
  const deployment = { model: findModel("mixtral-8x7b"), hardware };
  for (const overlap of ["none", "step"] as const) {
    const [, expanded] = compareExpansion(deployment, { ...request, batch: 64 }, card, {
      devices: [1],
      overlap,
    });
    const { weights, cache } = stepBytes(deployment, { ...request, batch: 64 });
    const tiers = placedFootprint(expanded!.placement!, {
      weights: weights.footprint,
      cache: cache.footprint,
    });
    assert(tiers[0]!.total <= 0.9 * 80e9 * (1 + 1e-6) && tiers[1]!.fits);
  }
});

Deno.test("experts that are seldom read are what a far tier is for", () => {
  const rate = (name: string) => {
    const rows = compareExpansion(
      {
        model: findModel(name),
        hardware,
        formats: { weights: "fp8", cache: "fp8", activations: "bf16" },
      },
      request,
      card,
      { devices: [1] },
    );
    return rows[1]!.tokensPerSecond!;
  };
  // 235 billion parameters of which 22 work, against 70 billion that all work
  assert(rate("qwen3-235b-a22b") > 4);
  assert(rate("llama-3.1-405b") < rate("qwen3-235b-a22b") / 10);
});

Deno.test("breakEvenPrice() makes the tokens of a price equal", () => {
  const few = { devices: 2, expanded: true, fits: true, tokensPerSecond: 70 };
  const many = { devices: 8, expanded: false, fits: true, tokensPerSecond: 200 };
  const price = breakEvenPrice(few, many);
  assertAlmostEquals(70 / (2 * (1 + price)), 200 / 8, 1e-12);
  assertThrows(
    () => breakEvenPrice({ devices: 1, expanded: true, fits: false }, many),
    RangeError,
    "tokensPerSecond",
  );
});
