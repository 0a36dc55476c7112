import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findMemoryLink, findModel } from "@fewer-bytes/catalog";
import {
  behind,
  farShareFormula,
  largestFarShare,
  mainMemory,
  spillCurve,
  spilledDecode,
  stepBytes,
} from "@fewer-bytes/memory";

const deployment = { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") };
const far = behind(mainMemory(findHardware("amd-epyc-9654")), findMemoryLink("pcie-5-x16"));
const request = { promptTokens: 500, outputTokens: 100 };

Deno.test("read on demand, spilled weights are a straight line: (1 - f) W / near + f W / far", () => {
  const { weights, cache, activations } = stepBytes(deployment, request);
  for (
    const point of spillCurve(deployment, request, far, "weights", [0, 0.01, 0.5, 1], {
      overlap: "none",
    })
  ) {
    const near = (1 - point.share) * weights.traffic + cache.traffic + activations.traffic;
    const expected = near / 3.35e12 + point.share * weights.traffic / 64e9;
    assertAlmostEquals(point.timePerOutputToken / expected, 1, 0.001);
  }
});

Deno.test("one percent of the weights over PCIe 5 costs an H100 half of its speed", () => {
  assertAlmostEquals(
    spilledDecode(deployment, request, far, { weights: 0.01 }, { overlap: "none" }).slowdown,
    1 + 0.01 * (3.35e12 / 64e9 - 1),
    0.01,
  );
});

Deno.test("read ahead, nothing is lost until the far stream is the longer one", () => {
  const balance = 64e9 / (3.35e12 + 64e9);
  const slowdown = (share: number) =>
    spilledDecode(deployment, request, far, { weights: share }, { overlap: "step" }).slowdown;
  assert(slowdown(0.95 * balance) < 1 && slowdown(1.2 * balance) > 1);
});

Deno.test("largestFarShare() is the closed form: the seconds times the far bandwidth, over what is read", () => {
  const { weights } = stepBytes(deployment, request);
  for (const seconds of [0.02, 0.1]) {
    const { traffic } = weights;
    assertAlmostEquals(
      largestFarShare(deployment, request, far, "weights", seconds, { overlap: "step" })!,
      seconds * 64e9 / traffic,
      1e-6,
    );
    assertAlmostEquals(
      farShareFormula.evaluate({ seconds, bandwidth: 64e9, traffic }),
      seconds * 64e9 / traffic,
      1e-12,
    );
  }
  assertEquals(farShareFormula.evaluate({ seconds: 1, bandwidth: 64e9, traffic: 16e9 }), 1);
  assertEquals(largestFarShare(deployment, request, far, "weights", 1), 1);
  assertEquals(largestFarShare(deployment, request, far, "cache", 1e-3), undefined);
});

Deno.test("a spilled decode says what fits: the near memory to its share, the far one to the brim", () => {
  const fits = (weights: number, batch: number) =>
    spilledDecode(deployment, { ...request, batch }, { ...far, capacity: 12e9 }, { weights }).fits;
  assertEquals([fits(0, 1), fits(1, 1), fits(0, 1000), fits(0.7, 700)], [true, false, false, true]);
  assertThrows(
    () => largestFarShare(deployment, request, far, "weights", 0),
    RangeError,
    "the seconds must be > 0",
  );
});
