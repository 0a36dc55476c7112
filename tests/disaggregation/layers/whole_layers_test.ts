import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import {
  findLink,
  networks,
  splitLayers,
  tensorParallelStep,
  wholeLayers,
} from "@fewer-bytes/disaggregation";
import { hardware } from "../setups.ts";

const model = findModel("mixtral-8x7b");
const network = { inside: findLink("NVLink", hardware), between: networks["infiniband-ndr"] };
const setup = { model, hardware, devices: 8, batch: 512, context: 700, network };

Deno.test("wholeLayers() cut in every operator is a tensor-parallel step", () => {
  for (const latency of [0, 5e-6]) {
    const { timePerOutputToken } = wholeLayers({
      ...setup,
      parallelism: "tensor",
      network: { ...network, latency },
    });
    const step = { phase: "decode", batch: 512, newTokens: 1, context: 700 } as const;
    const { seconds } = tensorParallelStep({ model, hardware, devices: 8 }, step, latency);
    assertAlmostEquals(timePerOutputToken, seconds, 1e-9);
  }
});

Deno.test("wholeLayers() with experts spread over one device is a split that sends nothing", () => {
  const one = wholeLayers({ ...setup, devices: 1, batch: 64, parallelism: "experts" });
  const { times } = splitLayers({
    ...setup,
    batch: 64,
    microBatches: 1,
    attention: { hardware, devices: 1, servers: 1 },
    feedForward: { hardware, devices: 1 },
    link: network.between,
  });
  assertEquals(one.communication, 0);
  assertAlmostEquals(one.computation, times.attention + times.feedForward, 1e-12);
});

Deno.test("wholeLayers() with spread experts sends what one counts token by token", () => {
  const { communication } = wholeLayers({ ...setup, devices: 16, parallelism: "experts" });
  // 32 tokens of each device, two experts each, on 16 devices: 7 are near, 8 are far.
  const bytes = 32 * 2 * 4096 * 2;
  const [near, far] = [bytes * 7 / 16 / 450e9, bytes * 8 / 16 / 50e9];
  assertAlmostEquals(communication, 2 * Math.max(near, far), 1e-15);
});

Deno.test("wholeLayers() passes all ports of a machine at once, but no faster than inside of it", () => {
  const time = (machine: number) =>
    wholeLayers({ ...setup, devices: 16, parallelism: "tensor", network: { ...network, machine } })
      .communication;
  assertAlmostEquals(time(4) / time(8), 2, 1e-9); // 200 and 400 GB/s
  assertAlmostEquals(time(8) / time(16), 450 / 400, 1e-9);
});

Deno.test("wholeLayers() gives as many tokens as its batch in a step, and reaches less with less efficiency", () => {
  for (const parallelism of ["tensor", "experts"] as const) {
    const full = wholeLayers({ ...setup, parallelism });
    assertAlmostEquals(full.tokensPerSecond, 512 / full.timePerOutputToken, 1e-6);
    assertAlmostEquals(full.tokensPerSecondPerDevice, full.tokensPerSecond / 8, 1e-9);
    const efficiency = { compute: 0.5, memory: 0.5, link: 0.5 };
    const half = wholeLayers({ ...setup, parallelism, efficiency });
    assertAlmostEquals(half.timePerOutputToken, 2 * full.timePerOutputToken, 1e-12);
  }
});

Deno.test("wholeLayers() refuses counts that are none, and devices without a sequence", () => {
  const tensor = { ...setup, parallelism: "tensor" } as const;
  assertThrows(() => wholeLayers({ ...tensor, devices: 0 }), RangeError, "devices");
  assertThrows(() => wholeLayers({ ...tensor, batch: 0.5 }), RangeError, "batch");
  assertThrows(() => wholeLayers({ ...tensor, context: NaN }), RangeError, "context");
  const few = { ...setup, parallelism: "experts", batch: 7 } as const;
  assertThrows(() => wholeLayers(few), RangeError, "sequences of a device");
  assert(wholeLayers({ ...few, batch: 8 }).tokensPerSecond > 0);
});
