import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { findHardware, findMemoryNode, findModel } from "@fewer-bytes/catalog";
import { pagedDecode, smallestLocal } from "@fewer-bytes/memory";

const deployment = { model: findModel("llama-3.1-70b"), hardware: findHardware("nvidia-h200-sxm") };
const request = { promptTokens: 1000, outputTokens: 100 };
const remote = (bandwidth: number) => ({ name: "remote", capacity: 1e12, bandwidth });

Deno.test("FengHuang: four GPUs of 20 GB instead of eight of 144 are 93 % less local memory", () => {
  const { sockets, tiers } = findMemoryNode("fenghuang-4");
  assertAlmostEquals(1 - sockets * tiers[0]!.capacity / (8 * tiers[1]!.capacity), 0.93, 0.005);
});

Deno.test("its GPUs need less than their 20 GB for Qwen3-235B in FP8, when the remote memory is as fast", () => {
  const { sockets, tiers } = findMemoryNode("fenghuang-4");
  const paged = pagedDecode(
    {
      ...deployment,
      model: findModel("qwen3-235b-a22b"),
      devices: sockets,
      formats: { weights: "fp8", cache: "fp8", activations: "bf16" },
    },
    { promptTokens: 2000, outputTokens: 200, batch: 8 },
    { ...tiers[1]!, bandwidth: tiers[1]!.bandwidth! },
    0,
  );
  assert(paged.slowdown < 1.01 && paged.local < tiers[0]!.capacity);
});

Deno.test("a slow remote memory makes a step as long as its stream", () => {
  const { slowdown, timePerOutputToken } = pagedDecode(deployment, request, remote(1e11), 0);
  assertAlmostEquals(timePerOutputToken / (139.4e9 / 1e11), 1, 0.01);
  assertAlmostEquals(slowdown, 48, 0.5);
});

Deno.test("smallestLocal() keeps what the stream cannot bring: 1 - remote / near", () => {
  const { resident, slowdown, local } = smallestLocal(deployment, request, remote(2.4e12), 1.01);
  assertAlmostEquals(resident, 1 - 1.01 * 2.4 / 4.8, 0.02);
  assert(slowdown <= 1.0101);
  const more = smallestLocal(deployment, request, remote(2.4e12), 2.1);
  assert(more.local < local && more.resident === 0);
});

Deno.test("one buffer hides nothing, a third hardly more than two", () => {
  const [one, two, three] = [1, 2, 3].map((buffers) =>
    pagedDecode(deployment, request, remote(4.8e12), 0, buffers)
  );
  assertAlmostEquals(one!.slowdown, 2, 0.02);
  assertAlmostEquals(two!.slowdown, three!.slowdown, 0.02);
  assert(three!.local > two!.local);
});

Deno.test("paging refuses shares, buffers and slowdowns that are none", () => {
  assertThrows(() => pagedDecode(deployment, request, remote(1), -1), RangeError, "from 0 to 1");
  assertThrows(() => pagedDecode(deployment, request, remote(1), 0, 0), RangeError, "buffers");
  assertThrows(() => pagedDecode(deployment, request, remote(0), 0), RangeError, "the bandwidth");
  assertThrows(() => smallestLocal(deployment, request, remote(1), 0.5), RangeError, "slowdown");
});
