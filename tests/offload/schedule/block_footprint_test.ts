import { assert, assertAlmostEquals } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { weightBytes } from "@fewer-bytes/roofline";
import { cacheBytes } from "@fewer-bytes/transformer";
import { blockFootprint, policyOf } from "@fewer-bytes/offload";

const model = findModel("opt-30b");
const request = { promptTokens: 512, outputTokens: 32 };

Deno.test("blockFootprint() of the host is what FlexGen's program says of OPT-30B: 144.5 GiB", () => {
  const { host, disk } = blockFootprint(model, request, policyOf(48, 3, [20, 80, 0, 100, 0, 100]));
  assertAlmostEquals(host / 2 ** 30, 144.5, 2); // embeddings besides
  assert(disk === 0);
});

Deno.test("blockFootprint() holds each byte once, and room to work in", () => {
  const whole = weightBytes(model) + 144 * cacheBytes(model, 544) + 144 * 512 * 7168 * 2;
  for (const percent of [[0, 100, 0, 100, 0, 100], [30, 30, 20, 50, 0, 0]] as const) {
    const held = blockFootprint(model, request, policyOf(48, 3, [...percent]));
    const sum = held.device + held.host + held.disk;
    assert(sum > whole && sum < 1.1 * whole);
  }
});

Deno.test("blockFootprint() asks for more room on the device where the device attends to far caches", () => {
  const policy = policyOf(48, 3, [20, 80, 0, 100, 0, 100]);
  const [host, device] = [true, false].map((hostAttention) =>
    blockFootprint(model, request, { ...policy, hostAttention }).device
  );
  assertAlmostEquals(device! - host!, 2 * 48 * cacheBytes(model, 544) / 48, 1);
});
