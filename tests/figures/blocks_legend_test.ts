import { assertEquals } from "@std/assert";
import { blocksLegend } from "../../lib/figures/blocks_legend.ts";

const colors = (count: number) =>
  new Map(Array.from({ length: count }, (_, i) => [`a long name of owner ${i}`, `#00000${i}`]));

Deno.test("blocksLegend() takes a second line when owners have long names", () => {
  assertEquals(blocksLegend([], colors(2), "owners").height, 22);
  assertEquals(blocksLegend([], colors(6), "owners").height, 44);
});

Deno.test("blocksLegend() explains those looks that occur, and no others", () => {
  const entries = (...blocks: Parameters<typeof blocksLegend>[0]) =>
    blocksLegend(blocks, colors(1), "owners").marks(0, 0).length;
  assertEquals(entries({ owners: ["A"] }), 1);
  assertEquals(entries({ owners: [] }), 2);
  assertEquals(entries({ owners: ["A", "B"], filled: 0.5 }, { owners: [] }), 4);
});
