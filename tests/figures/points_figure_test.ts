import { assertEquals, assertNotMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { parseHTML } from "linkedom";
import { type NamedPoint, pointsFigure } from "@fewer-bytes/figures";

const point = (name: string, kind: string, x: number, y: number): NamedPoint => ({
  name,
  kind,
  x,
  y,
});
const axes = [{ label: "Bits" }, { label: "Error", scale: "log" }] as const;

Deno.test("pointsFigure() names each point, each kind and each curve", () => {
  const { svg, description } = pointsFigure(
    "Three points.",
    ...axes,
    [point("A", "even", 1, 0.1), point("B", "uneven", 2, 0.01), point("C", "even", 3, 0.001)],
    [{ name: "bound", points: [[1, 0.05], [3, 0.0005]] }],
  );
  const { document } = parseHTML(svg);
  const texts = [...document.querySelectorAll("text")].map(({ textContent }) => textContent);
  for (const words of ["A", "B", "C", "even", "uneven", "bound"]) {
    assertEquals(texts.includes(words), true, words);
  }
  assertStringIncludes(svg, 'xmlns="http://www.w3.org/2000/svg"');
  assertEquals(document.querySelector("svg")?.getAttribute("aria-label"), description);
  assertNotMatch(svg, /NaN|undefined|Infinity|<script|<canvas/);
});

Deno.test("pointsFigure() tells kinds apart by shape as well as by color", () => {
  const { svg } = pointsFigure("Two kinds.", ...axes, [
    point("A", "even", 1, 0.1),
    point("B", "uneven", 2, 0.01),
  ]);
  const dots = [...parseHTML(svg).document.querySelectorAll('[aria-label="dot"]')].slice(0, 2);
  const looks = dots.map((dot) => {
    const mark = dot.querySelector("circle, path");
    return [mark?.tagName, dot.getAttribute("fill") ?? mark?.getAttribute("fill")];
  });
  assertEquals(looks[0]![0] !== looks[1]![0], true, String(looks));
  assertEquals(looks[0]![1] !== looks[1]![1], true, String(looks));
});

Deno.test("pointsFigure() refuses no points, seven kinds, and a coordinate that is not finite", () => {
  assertThrows(() => pointsFigure("x", ...axes, []), RangeError, "1 to 6 kinds");
  assertThrows(
    () => pointsFigure("x", ...axes, "abcdefg".split("").map((kind) => point(kind, kind, 1, 1))),
    RangeError,
    "current number is 7",
  );
  assertThrows(
    () => pointsFigure("x", ...axes, [point("A", "even", NaN, 1)]),
    RangeError,
    '"A" is at NaN',
  );
});
