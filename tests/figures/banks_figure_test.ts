import { assert, assertEquals, assertNotMatch, assertThrows } from "@std/assert";
import { parseHTML } from "linkedom";
import { type ArithmeticPlace, banksFigure, palette } from "@fewer-bytes/figures";

function drawn(place: ArithmeticPlace) {
  const { svg, description } = banksFigure("Banks.", place, "a title");
  assertNotMatch(svg, /NaN|undefined|Infinity/);
  const { document } = parseHTML(svg);
  const marks = (of: string) => [...document.querySelectorAll(of)];
  const bottoms = marks(`[aria-label="link"][stroke="${palette.orange}"] path`).map((path) =>
    Math.max(...path.getAttribute("d")!.match(/[\d.]+/g)!.filter((_, i) => i % 2).map(Number))
  );
  return {
    description,
    reading: marks(`[aria-label="rect"][fill="${palette.orange}"] rect`).length,
    units: marks(`[aria-label="rect"][fill="${palette.green}"] rect`).length,
    lowest: Math.max(...bottoms),
    texts: [...document.querySelectorAll("text")].map(({ textContent }) => textContent),
  };
}

Deno.test("banksFigure() lets as many banks give at once as there is arithmetic for", () => {
  const counts = (["processor", "buffer", "logic die", "bank group", "bank pair", "bank"] as const)
    .map((place) => [drawn(place).reading, drawn(place).units]);
  assertEquals(counts, [[1, 1], [1, 1], [4, 1], [4, 4], [8, 8], [16, 16]]);
});

Deno.test("banksFigure() draws the way of a byte the shorter, the nearer the arithmetic is", () => {
  const ways = (["bank", "bank group", "logic die", "processor"] as const).map((place) =>
    drawn(place).lowest
  );
  ways.slice(1).forEach((way, index) => assert(way > ways[index]!, `${ways}`));
});

Deno.test("banksFigure() says what it shows, and explains its colors", () => {
  const { description, texts } = drawn("bank");
  assertEquals(description, "Banks.");
  for (const text of ["a title", "pins", "banks that give at once", "arithmetic"]) {
    assert(texts.includes(text), text);
  }
});

Deno.test("banksFigure() refuses a place that there is none of", () => {
  assertThrows(
    () => banksFigure("Banks.", "rank" as ArithmeticPlace, ""),
    RangeError,
    'current value is "rank"',
  );
});
