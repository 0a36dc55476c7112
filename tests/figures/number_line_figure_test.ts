import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { parseHTML } from "linkedom";
import { type Figure, numberLineFigure } from "@fewer-bytes/figures";

const parse = ({ svg }: Figure) => parseHTML(svg).document;
const placesOf = (figure: Figure, selector: string, attribute: string) =>
  [...parse(figure).querySelectorAll(selector)].map((mark) => Number(mark.getAttribute(attribute)));

Deno.test("numberLineFigure() puts each value at its place, and rows below one another", () => {
  const figure = numberLineFigure("Two rulers.", { label: "Value", domain: [-1, 3] }, [
    { name: "even", values: [-1, 0, 1, 2, 3] },
    { name: "uneven", values: [0, 3] },
  ]);
  const across = placesOf(figure, '[aria-label="tick"] line', "x1");
  assertEquals(across.length, 7);
  assertAlmostEquals(across[1]! - across[0]!, (across[4]! - across[0]!) / 4, 0.1);
  assertAlmostEquals(across[5]!, across[1]!, 0.1);
  const down = placesOf(figure, '[aria-label="tick"] line', "y1");
  assertEquals(down[0] === down[4] && down[5]! > down[4]!, true);
});

Deno.test("numberLineFigure() keeps the distances of a logarithmic line even for powers", () => {
  const figure = numberLineFigure("Powers.", { label: "Value", scale: "log" }, [
    { name: "powers", values: [1, 10, 100] },
  ]);
  const [one, ten, hundred] = placesOf(figure, '[aria-label="tick"] line', "x1");
  assertAlmostEquals(ten! - one!, hundred! - ten!, 0.1);
});

Deno.test("numberLineFigure() draws data as dots, and writes the note of a row", () => {
  const figure = numberLineFigure("Data.", { label: "Value" }, [
    { name: "data", values: [1, 2, 3], as: "dots", note: "three of them" },
  ]);
  assertEquals(parse(figure).querySelectorAll("circle").length, 3);
  assertEquals(parse(figure).querySelectorAll('[aria-label="tick"] line').length, 0);
  assertEquals(
    [...parse(figure).querySelectorAll("text")].some(({ textContent }) =>
      textContent === "three of them"
    ),
    true,
  );
});

Deno.test("numberLineFigure() refuses no rows, and a value that is not finite, by the name of its row", () => {
  assertThrows(() => numberLineFigure("x", { label: "x" }, []), RangeError, "at least one");
  assertThrows(
    () => numberLineFigure("x", { label: "x" }, [{ name: "a", values: [0, Infinity] }]),
    RangeError,
    '"a" holds Infinity',
  );
});
