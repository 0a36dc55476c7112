import { assert, assertEquals } from "@std/assert";
import { findHardware, findMemory, findMemoryLink, findModel } from "@fewer-bytes/catalog";
import { behind, placementCurve } from "@fewer-bytes/memory";

const card = behind(findMemory("micron-cz120"), findMemoryLink("pcie-5-x8"));
const hardware = findHardware("nvidia-h100-sxm");
const request = { promptTokens: 4000, outputTokens: 200 };
const batches = [1, 64, 256, 1000];

Deno.test("a plan is never worse than pages spread by capacity, and bytes go far only when they must", () => {
  for (const overlap of ["none", "step"] as const) {
    const points = placementCurve(
      { model: findModel("llama-3.1-8b"), hardware },
      request,
      [card],
      batches,
      overlap,
    );
    for (const { tokensPerSecond, unplanned } of points.slice(0, 3)) {
      assert(tokensPerSecond! >= unplanned! * (1 - 1e-9));
    }
    if (overlap === "none") assertEquals([points[0]!.weights, points[0]!.cache], [[1, 0], [1, 0]]);
    assert(points[2]!.cache![1]! + points[2]!.weights![1]! > 0.3);
    assertEquals(points[3]!.tokensPerSecond === undefined, points[3]!.weights === undefined);
  }
});

Deno.test("which of the two moves follows from how often a byte is read", () => {
  const far = (
    name: string,
    request: { promptTokens: number; outputTokens: number },
    batch: number,
  ) => {
    const model = findModel(name);
    const [point] = placementCurve({ model, hardware }, request, [card], [batch], "none");
    return { weights: point!.weights![1]!, cache: point!.cache![1]! };
  };
  // 93 GB of experts, of which a quarter works for one sequence: they go.
  const experts = far("mixtral-8x7b", request, 1);
  assert(experts.weights > 0.2 && experts.cache === 0);
  // The place of a long answer is kept from its beginning, and empty half of the time: the cache goes.
  const answers = far("llama-3.1-8b", { promptTokens: 100, outputTokens: 4100 }, 128);
  assert(answers.cache > 0.1 && answers.weights === 0);
  // After a long prompt it is full: the weights go, because a part of them, the embedding, is not read.
  const prompts = far("llama-3.1-8b", { promptTokens: 4100, outputTokens: 100 }, 128);
  assert(prompts.weights > 0.1 && prompts.cache === 0);
});
