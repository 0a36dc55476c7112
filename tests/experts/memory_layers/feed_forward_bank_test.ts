import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findMemory } from "@fewer-bytes/catalog";
import { bankCosts, feedForwardBank } from "@fewer-bytes/experts";

const tiers = [findMemory("ufs-3.1")] as const;

Deno.test("feedForwardBank() has the fetched and stored parameters that the paper counts", () => {
  // arXiv 2510.02375, table 8: anchors of hidden size 1,024, their layers, widths, and what they count to the last one.
  const published = [
    [12, [3840, 336, 6, 0], 257_475_584, 154_165_248, 6_341_787_648],
    [17, [1445, 256, 8, 0], 321_721_344, 89_250_816, 6_341_246_976],
    [19, [870, 226, 9, 0], 347_419_648, 64_496_640, 6_341_099_520],
    [21, [384, 200, 10, 0], 373_117_952, 38_320_128, 6_341_787_648],
    [22, [264, 94, 16, 0], 385_967_104, 25_276_416, 6_341_001_216],
  ] as const;
  for (const [layers, widths, anchor, fetched, bank] of published) {
    const levels = feedForwardBank({ layers, hiddenSize: 1024, widths, tiers });
    const costs = bankCosts({ anchor, levels });
    assertEquals([costs.fetched, costs.bank], [fetched, bank]);
  }
});

Deno.test("feedForwardBank() has the banks of 12.7 and 21.1 billion of the larger anchors", () => {
  const bank = (hiddenSize: number, widths: readonly number[]) =>
    bankCosts({ anchor: 1, levels: feedForwardBank({ layers: 24, hiddenSize, widths, tiers }) });
  assertAlmostEquals(bank(1024, [512, 128, 32, 0]).bank / 12.7e9, 1, 0.005);
  assertAlmostEquals(bank(2048, [768, 256, 16, 0]).bank / 21.1e9, 1, 0.005);
  assertAlmostEquals(bank(2048, [768, 256, 16, 0]).fetched / 153e6, 1, 0.005);
});

Deno.test("feedForwardBank() puts each level where it belongs, and the last place is for all deeper ones", () => {
  const [near, far] = [findMemory("lpddr5x-8533"), findMemory("ufs-3.1")];
  const levels = feedForwardBank({
    layers: 1,
    hiddenSize: 1,
    widths: [4, 0, 2, 1],
    branching: 3,
    tiers: [near, far],
  });
  assertEquals(levels, [
    { blocks: 3, parameters: 12, tier: near },
    { blocks: 27, parameters: 6, tier: far },
    { blocks: 81, parameters: 3, tier: far },
  ]);
});

Deno.test("feedForwardBank() refuses a bank without blocks, and widths that are no numbers of neurons", () => {
  const plan = { layers: 2, hiddenSize: 8, tiers };
  assertThrows(() => feedForwardBank({ ...plan, widths: [0, 0] }), RangeError, "levels");
  assertThrows(() => feedForwardBank({ ...plan, widths: [1.5] }), RangeError, "width");
  assertThrows(() => feedForwardBank({ ...plan, widths: [-1] }), RangeError, "width");
  assertThrows(() => feedForwardBank({ ...plan, layers: 0, widths: [1] }), RangeError, "layers");
});
