import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel, findPim } from "@fewer-bytes/catalog";
import { layerPipeline } from "@fewer-bytes/pim";

const cent = { device: findPim("cent-device"), devices: 32, context: 2304, channels: 32 };

Deno.test("layerPipeline() bounds CENT's simulator within a factor of two, for three models", () => {
  // cent_simulation/processed_results.csv: decoding 3,584 tokens after 512, one layer a stage.
  const cases: [string, number, number, number][] = [
    ["llama-2-70b", 32, 1150.8, 251.83],
    ["llama-2-13b", 20, 3931.4, 37.25],
    ["llama-2-7b", 8, 2850.5, 41.36],
  ];
  for (const [name, devices, rate, seconds] of cases) {
    const found = layerPipeline({ ...cent, model: findModel(name), devices });
    assert(found.fits);
    assert(found.tokensPerSecond > rate && found.tokensPerSecond < 2 * rate, name);
    const simulated = seconds / 3584;
    assert(found.timePerOutputToken < simulated && found.timePerOutputToken > simulated / 2, name);
  }
});

Deno.test("layerPipeline() lays layers as the artifact does: 3 on a device, 10 of 32 channels each", () => {
  const found = layerPipeline({ ...cent, model: findModel("llama-2-70b") });
  assertEquals([found.layersPerDevice, found.devicesUsed, found.sequences], [3, 27, 80]);
  // 1.7 GB of weights a layer in rows of 2 KiB on 160 banks, 108 ns each, and attention at one operation a byte.
  const weights = 2 * (2 * 8192 * 8192 + 2 * 8192 * 1024 + 3 * 8192 * 28672);
  const attention = 4 * 64 * 128 * 2305 / (160 * 32e9);
  assertAlmostEquals(found.stage, weights / 160 / 2048 * 108e-9 + attention, 2e-6);
});

Deno.test("layerPipeline() gains nothing by devices that get no layer, and shares channels freely by default", () => {
  const model = findModel("llama-2-70b");
  const at = (devices: number) => layerPipeline({ ...cent, model, devices });
  assertEquals(at(27).tokensPerSecond, at(39).tokensPerSecond);
  assert(at(40).tokensPerSecond > 1.5 * at(39).tokensPerSecond);
  const { channels: _, ...free } = cent;
  assert(layerPipeline({ ...free, model }).tokensPerSecond > at(32).tokensPerSecond);
});

Deno.test("layerPipeline() says when a model does not fit, and refuses what cannot be laid", () => {
  const model = findModel("llama-2-70b");
  assertEquals(layerPipeline({ ...cent, model, devices: 8 }).fits, false);
  assertThrows(
    () => layerPipeline({ ...cent, model, devices: 1 }),
    RangeError,
    "80 layers needs a channel",
  );
  assertThrows(() => layerPipeline({ ...cent, model, devices: 0 }), RangeError, "devices");
});
