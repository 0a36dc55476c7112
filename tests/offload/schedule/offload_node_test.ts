import { assertEquals, assertThrows } from "@std/assert";
import { findHardware, findMeasuredNode, findMemory, findModel } from "@fewer-bytes/catalog";
import { operatorTime } from "@fewer-bytes/roofline";
import { operators } from "@fewer-bytes/transformer";
import { catalogNode, measuredNode } from "@fewer-bytes/offload";

const device = findHardware("nvidia-rtx-4090");
const host = findHardware("amd-epyc-9654");
const disk = findMemory("samsung-990-pro");
const rows = operators(findModel("opt-6.7b"), {
  phase: "decode",
  batch: 4,
  newTokens: 1,
  context: 100,
});

Deno.test("catalogNode() times operators as lib/roofline does, on device and host", () => {
  const node = catalogNode({ device, host, disk });
  for (const row of rows) {
    assertEquals(node.deviceSeconds(row, "decode"), operatorTime(row, device).seconds);
    assertEquals(node.hostSeconds(row), operatorTime(row, host).seconds);
  }
  assertEquals(node.capacity, { device: 0.9 * 24e9, host: 768e9, disk: 2e12 });
  assertEquals(node.rates.hostToDisk.cache, disk.writeBandwidth);
});

Deno.test("measuredNode() takes FlexGen's rates, and another disk where one is given", () => {
  const measured = findMeasuredNode("flexgen-t4");
  const node = measuredNode(measured);
  assertEquals(node.rates.hostToDevice.weights, 12.89 * 2 ** 30);
  assertEquals(measuredNode(measured, 2e9).rates.diskToHost, {
    weights: 2e9,
    cache: 2e9,
    activations: 2e9,
  });
  const [product, attention, norm] = ["feed-forward up", "attention", "activation function"].map(
    (name) => rows.find((row) => row.name === name)!,
  );
  assertEquals(node.deviceSeconds(product!, "decode"), product!.flops / 4.3e12);
  assertEquals(node.deviceSeconds(attention!, "prefill"), attention!.flops / 9.97e12);
  assertEquals(node.deviceSeconds(norm!, "decode"), 0);
});

Deno.test("catalogNode() refuses devices without a link, and disks without a rate", () => {
  const { links: _, ...rest } = device;
  assertThrows(
    () => catalogNode({ device: { ...rest, links: [] }, host, disk }),
    RangeError,
    "PCIe",
  );
  assertThrows(
    () => catalogNode({ device, host, disk: { ...disk, bandwidth: 0 } }),
    RangeError,
    "samsung-990-pro must be > 0",
  );
});
