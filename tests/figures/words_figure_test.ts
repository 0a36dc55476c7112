import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { parseHTML } from "linkedom";
import { type Figure, wordsFigure } from "@fewer-bytes/figures";

const parse = ({ svg }: Figure) => parseHTML(svg).document;
const texts = (figure: Figure) =>
  [...parse(figure).querySelectorAll("text")].map((text) => text.textContent);
const boxes = (figure: Figure) =>
  [...parse(figure).querySelectorAll("[aria-label=rect] rect")].map((box) =>
    ["x", "y", "width"].map((name) => Number(box.getAttribute(name)))
  );
const word = (text: string, kind = "kept", struck = false) => ({ text, kind, struck });

Deno.test("wordsFigure() writes every word, the names of the rows, and a legend of the kinds", () => {
  const figure = wordsFigure("Words.", [
    { name: "round 1", words: [word("Mira"), word("ran", "refused", true)] },
    { name: "round 2", words: [word("on")] },
  ]);
  const written = texts(figure);
  for (const text of ["Mira", "ran", "on", "round 1", "round 2", "kept", "refused"]) {
    assertEquals(written.includes(text), true, text);
  }
  assertEquals(parse(figure).querySelectorAll("[aria-label=rule] line").length, 1); // one is crossed out
});

Deno.test("wordsFigure() puts words side by side without overlap, and goes on in the next line", () => {
  const words = Array.from({ length: 30 }, (_, index) => word(`word ${index}`));
  const placed = boxes(wordsFigure("Many words.", [{ name: "row", words }]));
  assertEquals(placed.length, 30);
  const lines = Map.groupBy(placed, ([, y]) => y);
  assertEquals(lines.size > 1, true);
  for (const line of lines.values()) {
    line.forEach(([x, , width], index) => {
      const next = line[index + 1]?.[0] ?? 760;
      assertEquals(x! + width! <= next!, true);
    });
  }
  const starts = [...lines.values()].map(([first]) => first![0]!);
  starts.forEach((start) => assertAlmostEquals(start, starts[0]!, 1e-9));
});

Deno.test("wordsFigure() colors kinds in the order that it is told", () => {
  const fills = (order?: string[]) => {
    const row = { name: "row", words: [word("a", "refused"), word("b", "kept")] };
    return [
      ...parse(wordsFigure("Words.", [row], order)).querySelectorAll("[aria-label=rect] rect"),
    ]
      .map((box) => box.getAttribute("fill"));
  };
  assertEquals(fills(["kept", "refused"]), fills().toReversed());
});

Deno.test("wordsFigure() refuses to draw nothing, and more kinds than colors", () => {
  assertThrows(() => wordsFigure("x", []), RangeError, "current number is 0");
  const words = Array.from({ length: 7 }, (_, index) => word("a", String(index)));
  assertThrows(() => wordsFigure("x", [{ name: "row", words }]), RangeError, "7");
});
