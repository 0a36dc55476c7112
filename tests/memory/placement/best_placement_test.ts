import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findHardware, findMemory, findMemoryLink, findModel } from "@fewer-bytes/catalog";
import { behind, bestPlacement, placedStepTime, stepBytes } from "@fewer-bytes/memory";
import { estimate } from "@fewer-bytes/roofline";

const card = behind(findMemory("micron-cz120"), findMemoryLink("pcie-5-x8"));
const deployment = { model: findModel("mixtral-8x7b"), hardware: findHardware("nvidia-h100-sxm") };

Deno.test("bestPlacement() on a device alone is the roofline", () => {
  const small = { ...deployment, model: findModel("llama-3.1-8b") };
  const request = { promptTokens: 400, outputTokens: 101, batch: 8 };
  assertAlmostEquals(
    bestPlacement(small, request, [])!.timePerOutputToken /
      estimate(small, request).timePerOutputToken,
    1,
    0.001,
  );
});

Deno.test("no other shares of weights and cache that fit decode faster, for either way of reading", () => {
  const request = { promptTokens: 3000, outputTokens: 200, batch: 16 };
  const bytes = stepBytes(deployment, request);
  const room = 0.9 * 80e9 - bytes.activations.footprint;
  for (const overlap of ["none", "step"] as const) {
    const best = bestPlacement(deployment, request, [card], overlap)!;
    let tried = 0;
    for (let w = 0; w <= 1; w += 0.02) {
      for (let c = 0; c <= 1; c += 0.02) {
        if ((1 - w) * bytes.weights.footprint + (1 - c) * bytes.cache.footprint > room) continue;
        tried++;
        const placement = { ...best.placement, weights: [1 - w, w], cache: [1 - c, c] };
        const { seconds } = placedStepTime(bytes.operators, deployment.hardware, placement, {
          overlap,
        });
        assert(best.timePerOutputToken <= seconds * (1 + 1e-3), `${overlap} ${w} ${c}`);
      }
    }
    assert(tried > 100);
  }
});

Deno.test("what fits nowhere has no placement", () => {
  const request = { promptTokens: 400, outputTokens: 100 };
  const large = { ...deployment, model: findModel("llama-3.1-405b") };
  assertEquals(bestPlacement(large, request, [card]), undefined);
  assert(
    bestPlacement(large, request, [card, { ...card, capacity: 1e12, link: { ...card.link! } }]),
  );
});
