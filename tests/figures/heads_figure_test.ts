import { assertEquals, assertNotMatch, assertThrows } from "@std/assert";
import { parseHTML } from "linkedom";
import { headsFigure, type HeadsPanel } from "@fewer-bytes/figures";

function drawn(...panels: HeadsPanel[]) {
  const { svg } = headsFigure("Heads.", panels);
  assertNotMatch(svg, /NaN|undefined|Infinity/);
  const { document } = parseHTML(svg);
  const count = (selector: string) => document.querySelectorAll(selector).length;
  return {
    dots: count('[aria-label="dot"] circle'),
    links: count('[aria-label="link"] path'),
    boxes: count('[aria-label="rect"] rect'),
    texts: [...document.querySelectorAll("text")].map(({ textContent }) => textContent),
  };
}

Deno.test("headsFigure() draws a dot and a line for each query head, a key and a value for each key-value head", () => {
  const { dots, links, boxes } = drawn({ name: "GQA", queryHeads: 8, keyValueHeads: 2 });
  assertEquals([dots, links, boxes], [8, 8, 4]);
});

Deno.test("headsFigure() draws a latent and its rotary key once, and the heads of all layers that share a cache", () => {
  const { dots, links, boxes } = drawn(
    { name: "MLA", queryHeads: 8, keyValueHeads: "latent" },
    { name: "CLA", queryHeads: 4, keyValueHeads: 2, layers: 2 },
  );
  assertEquals([dots, links, boxes], [8 + 8, 8 + 8, 2 + 4]);
});

Deno.test("headsFigure() writes names and notes", () => {
  const { texts } = drawn({ name: "MQA", queryHeads: 4, keyValueHeads: 1, note: "256 values" });
  assertEquals(texts, ["MQA", "256 values"]);
});

Deno.test("headsFigure() refuses no panels, and heads that cannot be shared evenly", () => {
  assertThrows(() => headsFigure("Nothing.", []), RangeError, "current number is 0");
  assertThrows(
    () => headsFigure("Odd.", [{ name: "odd", queryHeads: 8, keyValueHeads: 3 }]),
    RangeError,
    "must divide its 8 query heads: current value is 3",
  );
});
