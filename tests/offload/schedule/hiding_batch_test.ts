import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { findHardware, findMemory, findModel } from "@fewer-bytes/catalog";
import { catalogNode, hidingBatch, hidingBatchFormula, streamedCurve } from "@fewer-bytes/offload";
import fc from "fast-check";

const node = catalogNode({
  device: findHardware("nvidia-t4"),
  host: findHardware("intel-xeon-8480plus"),
  disk: findMemory("samsung-990-pro"),
});

Deno.test("hidingBatch() is its printed formula, and depends on no model", () => {
  const rate = fc.double({ min: 1e9, max: 1e15, noNaN: true });
  fc.assert(fc.property(rate, rate, fc.constantFrom(0.5, 1, 2), (peak, way, size) => {
    const expected = hidingBatchFormula.evaluate({ peak, way, size });
    assertAlmostEquals(hidingBatch(peak, way, size) / expected, 1, 1e-12);
  }));
});

Deno.test("hidingBatch() is where the curve of any large model bends, found sequence by sequence", () => {
  for (
    const [name, from, way] of [["opt-30b", "host", 16e9], ["llama-2-70b", "disk", 7.45e9]] as const
  ) {
    const expected = hidingBatch(65e12, way);
    const model = findModel(name);
    let [low, high] = [1, 65_536];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      const [point] = streamedCurve(model, node, from, 512, [middle]);
      if (point!.computing >= point!.loading) high = middle;
      else low = middle;
    }
    assertAlmostEquals(high / expected, 1, 0.05); // the activations besides
  }
});

Deno.test("streamedCurve() rises in proportion before the break-even, and not at all after it", () => {
  const [one, two, ten, twenty] = streamedCurve(findModel("opt-30b"), node, "host", 512, [
    500,
    1000,
    10_000,
    20_000,
  ]);
  assertAlmostEquals(two!.tokensPerSecond / one!.tokensPerSecond, 2, 1e-9);
  assertAlmostEquals(twenty!.tokensPerSecond / ten!.tokensPerSecond, 1, 1e-3);
});

Deno.test("streamedCurve() in small batches reads weights on the device again for each", () => {
  const at = (gpuBatch: number) =>
    streamedCurve(findModel("opt-30b"), node, "host", 512, [1024], { gpuBatch })[0]!;
  assert(at(8).computing > 5 * at(512).computing && at(8).loading === at(512).loading);
});

Deno.test("break-evens refuse ways without bandwidth", () => {
  assertThrows(() => hidingBatch(1e12, 0), RangeError, "the way must be > 0");
  assertThrows(
    () => streamedCurve(findModel("opt-30b"), node, "host", 512, [0]),
    RangeError,
    "a block",
  );
});
