import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  compareLayers,
  megaScaleModels,
  networks,
  splitLayers,
  wholeLayers,
} from "@fewer-bytes/disaggregation";
import { cacheBytesPerToken } from "@fewer-bytes/transformer";

const hardware = findHardware("nvidia-a100-sxm-80gb");
const network = {
  inside: { name: "NVLink, 400 GB/s both ways", bandwidth: 200e9 },
  between: networks["infiniband-hdr"],
};
const model = findModel("mixtral-8x22b");
const setup = {
  model,
  context: 650, // MegaScale-Infer: 571 tokens in and half of 159 out, the medians
  timePerOutputToken: 0.15,
  network,
  whole: { hardware, devices: 8 },
  attention: hardware,
  feedForward: hardware,
};

Deno.test("compareLayers() derives MegaScale-Infer's gains over tensor parallelism within a tenth", () => {
  // Figure 8: up to 1.28 over TensorRT-LLM within one machine, 1.90 on more.
  const { gain: small } = compareLayers(setup);
  assertAlmostEquals(small.tensor, 1.28, 0.1);
  const { gain: large, split } = compareLayers({
    ...setup,
    model: megaScaleModels.scaledMoe,
    whole: { hardware, devices: 16 },
  });
  assertAlmostEquals(large.tensor, 1.9, 0.19);
  assert(split!.result.pingPong.attentionUse > 0.9 && split!.result.pingPong.feedForwardUse > 0.9);
});

Deno.test("over spread experts nothing is won within a machine, and across two what is hidden", () => {
  const { gain, whole } = compareLayers(setup);
  assert(gain.experts < 1.02 && gain.best === gain.experts);
  const two = compareLayers({
    ...setup,
    model: megaScaleModels.scaledMoe,
    whole: { hardware, devices: 16 },
  });
  const { communication, computation } = two.whole.experts!.result;
  assertAlmostEquals(two.gain.experts, (communication + computation) / computation, 0.1);
  assert(whole.experts!.perPrice > whole.tensor!.perPrice);
});

Deno.test("compareLayers() finds the best of all shapes and batches when one tries them all", () => {
  const tries = {
    attentionDevices: [1, 2],
    servers: [2, 5],
    feedForwardDevices: [8],
    microBatches: [2, 3],
  };
  const room = 72e9;
  let best = 0;
  for (const devices of tries.attentionDevices) {
    for (const servers of tries.servers) {
      for (const microBatches of tries.microBatches) {
        for (let batch = 8; batch <= 4000; batch += 8) {
          // Attention, embeddings and head are 5.4 billion parameters.
          const held = 2 * 5.4e9 / devices;
          const cache = batch * 650 * cacheBytesPerToken(model, { devices });
          if (held + cache > room) break;
          const found = splitLayers({
            model,
            attention: { hardware, devices, servers },
            feedForward: { hardware, devices: 8 },
            batch,
            context: 650,
            microBatches,
            link: network.between,
          });
          if (found.timePerOutputToken > 0.15) break;
          best = Math.max(best, found.tokensPerSecondPerDevice);
        }
      }
    }
  }
  assertAlmostEquals(compareLayers({ ...setup, tries }).split!.perPrice / best, 1, 0.01);
});

Deno.test("compareLayers() keeps the promise and the memory on both sides", () => {
  const { whole, split } = compareLayers(setup);
  for (const { result } of [whole.tensor!, whole.experts!, split!]) {
    assert(result.timePerOutputToken <= 0.15);
  }
  const { batch } = whole.tensor!;
  const bytes = 2 * 140.6e9 / 8 + batch * 650 * cacheBytesPerToken(model, { devices: 8 });
  assert(bytes <= 72e9 * 1.001);
  const next = wholeLayers({ ...setup, hardware, devices: 8, parallelism: "tensor", batch });
  assertEquals(next.tokensPerSecond, whole.tensor!.result.tokensPerSecond);
});

Deno.test("compareLayers() counts price in the place of devices", () => {
  const { gain } = compareLayers(setup);
  const prices = { whole: 2, attention: 1, feedForward: 1 };
  assertAlmostEquals(compareLayers({ ...setup, prices }).gain.tensor, 2 * gain.tensor, 1e-9);
});

Deno.test("compareLayers() says that a model does not fit by leaving a way out", () => {
  const { whole, gain, split } = compareLayers({ ...setup, whole: { hardware, devices: 2 } });
  assertEquals([whole.tensor, whole.experts], [undefined, undefined]);
  assert(split !== undefined && gain.best === Infinity);
  const strict = compareLayers({ ...setup, timePerOutputToken: 1e-4 });
  assertEquals([strict.split, strict.whole.tensor], [undefined, undefined]);
});

Deno.test("compareLayers() refuses promises and prices that are none", () => {
  assertThrows(() => compareLayers({ ...setup, timePerOutputToken: 0 }), RangeError, "timePer");
  assertThrows(() => compareLayers({ ...setup, memoryShare: NaN }), RangeError, "memoryShare");
  const prices = { whole: 1, attention: 0, feedForward: 1 };
  assertThrows(() => compareLayers({ ...setup, prices }), RangeError, "the price of attention");
});
