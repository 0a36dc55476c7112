import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel, type Hardware } from "@fewer-bytes/catalog";
import { fusedSublayers } from "@fewer-bytes/training";
import { gpt } from "../gpt_shape.ts";

// T3's simulated device: 80 compute units at 1.4 GHz with 1024 operations a clock each, 1 TB/s of HBM2, a ring of 150 GB/s
// with 500 ns. T-NLG: width 4256, 28 heads, 78 layers; 8 sequences of 1024 tokens on 8 and 16 devices.
const base = findHardware("amd-mi250x");
const device: Hardware = {
  ...base,
  peak: { fp32: 23e12, fp16: 80 * 1024 * 1.4e9, bf16: 80 * 1024 * 1.4e9 },
  memory: [{ name: "HBM2", capacity: 32e9, bandwidth: 1e12 }],
};
const ring = { name: "a ring", bandwidth: 150e9 };
const nlg = gpt({ hidden: 4256, heads: 28, layers: 78, vocabulary: 51_200 });
const sublayers = (devices: number) =>
  fusedSublayers(
    {
      model: nlg,
      hardware: device,
      devices,
      efficiency: { compute: 0.7, memory: 0.7, link: 0.85 },
    },
    { sequences: 8, tokens: 1024 },
    ring,
    500e-9,
  );

Deno.test("a chunk's time and bytes are those of the table's row", () => {
  const [output, down] = fusedSublayers(
    { model: findModel("llama-2-7b"), hardware: device, devices: 8 },
    { sequences: 1, tokens: 1024 },
    ring,
  );
  assertEquals([output!.name, down!.name], ["attention output", "feed-forward down"]);
  const sum = 1024 * 4096 * 2;
  assertAlmostEquals(output!.reduceScatter, 7 / 8 * sum / 150e9, 1e-12);
  const read = 4096 * 512 * 2 + 1024 * 512 * 2;
  assertAlmostEquals(output!.sequentialTraffic, read + 31 / 8 * sum + 14 / 8 * sum, 1);
  assertAlmostEquals(output!.fusedTraffic, read + 20 / 8 * sum + 14 / 8 * sum, 1);
});

Deno.test("no sublayer gains more than half, with an all-gather that waits as before", () => {
  for (const row of [...sublayers(4), ...sublayers(14)]) {
    assert(row.speedup > 1 && row.speedup < 1.5);
    assert(row.fused >= Math.max(row.multiply, row.reduceScatter) + row.allGather);
  }
});

Deno.test("where all three parts take equally long, the gain is close to a half", () => {
  const fast = { ...device, memory: [{ ...device.memory[0], bandwidth: 1e15 }] as const };
  const shape = { sequences: 8, tokens: 1024 };
  const of = (bandwidth: number) =>
    fusedSublayers({ model: nlg, hardware: fast, devices: 14 }, shape, {
      name: "l",
      bandwidth,
    })[0]!;
  const { multiply } = of(150e9);
  const balanced = of(13 / 14 * 8 * 1024 * 4256 * 2 / multiply);
  assertAlmostEquals(balanced.multiply, balanced.reduceScatter, 1e-9);
  assert(balanced.speedup > 1.44 && balanced.speedup < 1.5);
});

Deno.test("one device, and links that are none, are refused", () => {
  const shape = { sequences: 1, tokens: 8 }, model = findModel("gpt2");
  assertThrows(
    () => fusedSublayers({ model, hardware: device }, shape, ring),
    RangeError,
    "devices",
  );
  const dead = { name: "dead", bandwidth: 0 };
  const deployment = { model, hardware: device, devices: 2 };
  assertThrows(() => fusedSublayers(deployment, shape, dead), RangeError, "bandwidth of dead");
});
