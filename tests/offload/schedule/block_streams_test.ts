import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findMeasuredNode, findModel } from "@fewer-bytes/catalog";
import {
  blockStep,
  blockStreams,
  blockTraffic,
  measuredNode,
  policyOf,
  streamNames,
} from "@fewer-bytes/offload";
import { streamSums } from "../../../lib/offload/schedule/block_streams.ts";

const node = measuredNode(findMeasuredNode("flexgen-t4"));
const request = { promptTokens: 512, outputTokens: 32 };

// Printed by FlexGen's own program (experimental/cost_model.py with its rates, FMInference/FlexiGen): seconds of one layer.
const golden = [
  {
    model: "opt-30b",
    layers: 48,
    policy: policyOf(48, 3, [20, 80, 0, 100, 0, 100]),
    prefill: { compute: 4.389, hostToDevice: 0.1476, deviceToHost: 2.2378 },
    decode: { compute: 0.221, hostToDevice: 0.0714, deviceToHost: 0.0004 },
  },
  {
    model: "opt-175b",
    layers: 96,
    policy: policyOf(32, 8, [0, 50, 0, 0, 0, 100]),
    prefill: {
      compute: 22.6938,
      hostToDevice: 0.4946,
      deviceToHost: 6.8201,
      diskToHost: 3.5677,
      hostToDisk: 8.0586,
    },
    decode: { compute: 0.7742, hostToDevice: 0.2623, diskToHost: 16.8368 },
  },
];

for (const { model, layers, policy, ...phases } of golden) {
  for (const phase of ["prefill", "decode"] as const) {
    Deno.test(`blockStreams() of ${model} are those of FlexGen's program while it ${phase}s`, () => {
      const step = blockStep(findModel(model), request, policy, phase);
      const streams = blockStreams(node, step, policy);
      for (const [name, seconds] of Object.entries(phases[phase])) {
        const own = streams[name as keyof typeof streams] / layers;
        // The head is counted here besides, attention of prompts as a triangle, and disk weights always at 95 %.
        assertAlmostEquals(own, seconds, 0.06 * seconds + 1e-4, name);
      }
    });
  }
}

Deno.test("blockTraffic() leaves the device alone when everything is on it", () => {
  const policy = policyOf(4, 2, [100, 0, 100, 0, 100, 0]);
  const traffic = blockTraffic(blockStep(findModel("opt-6.7b"), request, policy, "decode"), policy);
  for (const way of Object.values(traffic)) {
    assertEquals(way, { weights: 0, cache: 0, activations: 0 });
  }
});

Deno.test("blockTraffic() brings caches to the device only where the device attends", () => {
  const policy = policyOf(4, 2, [100, 0, 20, 30, 100, 0]);
  const step = blockStep(findModel("opt-6.7b"), request, policy, "decode");
  const host = blockTraffic(step, policy);
  const device = blockTraffic(step, { ...policy, hostAttention: false });
  assertEquals(host.hostToDevice.cache, 0);
  assertAlmostEquals(device.hostToDevice.cache / step.cacheRead, 0.8, 1e-12);
  assertAlmostEquals(device.diskToHost.cache / step.cacheRead, 0.5, 1e-12);
  assertEquals(host.diskToHost, device.diskToHost);
});

Deno.test("streamSums() are ordered: side by side is no slower than chained, chained no slower than in turn", () => {
  const policy = policyOf(32, 8, [10, 40, 10, 40, 50, 50]);
  for (const phase of ["prefill", "decode"] as const) {
    const streams = blockStreams(
      node,
      blockStep(findModel("opt-30b"), request, policy, phase),
      policy,
    );
    const [all, chained, none] = (["all", "chained", "none"] as const).map((overlap) =>
      Math.max(
        ...streamSums(phase, overlap).map((names) =>
          names.reduce((sum, name) => sum + streams[name], 0)
        ),
      )
    );
    assert(all! <= chained! && chained! <= none!);
    assertAlmostEquals(
      none!,
      streamNames.reduce((sum, name) => sum + streams[name], 0),
      1e-12,
    );
  }
});
