import { assertEquals, assertThrows } from "@std/assert";
import { parseHTML } from "linkedom";
import { treeFigure, type TreeNode } from "@fewer-bytes/figures";

const node = (label: string, ...branches: TreeNode[]): TreeNode => ({ label, branches });

/** Where each text stands. */
function places(svg: string): Map<string, [x: number, y: number]> {
  const { document } = parseHTML(svg);
  return new Map([...document.querySelectorAll("text")].map((text) => {
    const [x, y] = /translate\(([-\d.]+),([-\d.]+)\)/.exec(text.getAttribute("transform")!)!
      .slice(1).map(Number);
    return [text.textContent!, [x!, y!]];
  }));
}

Deno.test("treeFigure() draws an edge to every node, first branches straight on, others below", () => {
  const { svg } = treeFigure(
    "A tree.",
    node("", node("a", node("b"), node("c")), node("d")),
    ["sure", "first", "second"],
  );
  assertEquals(parseHTML(svg).document.querySelectorAll("[aria-label=link] path").length, 4);
  const at = places(svg);
  assertEquals(at.get("a")![1], at.get("b")![1]);
  assertEquals(at.get("a")![0], at.get("d")![0]);
  const heights = ["b", "c", "d"].map((label) => at.get(label)![1]);
  assertEquals(heights, [...new Set(heights)].toSorted((one, other) => one - other));
  for (const heading of ["sure", "first", "second"]) assertEquals(at.has(heading), true);
});

Deno.test("treeFigure() draws a root alone, and refuses what is too deep", () => {
  assertEquals(treeFigure("A root.", node("")).svg.includes("<circle"), true);
  let deep = node("end");
  for (let depth = 0; depth < 17; depth++) deep = node("on", deep);
  assertThrows(() => treeFigure("x", deep), RangeError, "current value is 17");
});
