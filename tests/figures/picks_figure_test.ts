import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { picksFigure } from "@fewer-bytes/figures";

const layer = { name: "Experts", counts: [0, 4, 0, 1, 2] };
/** Rectangles of the picture, by their fill. */
const fills = (svg: string) =>
  [...svg.matchAll(/<rect [^>]*fill="([^"]*)"/g)].map(([, fill]) => fill);

Deno.test("picksFigure() draws a square for each thing, an outline for those that nobody picked", () => {
  const { svg, description } = picksFigure("Three of five.", [layer], { columns: 4 });
  assertEquals(description, "Three of five.");
  assertEquals((svg.match(/<rect /g) ?? []).length, 5);
  assertStringIncludes(svg, ">4<");
  assert(!svg.includes(">0<"), "what nobody picked has no number");
});

Deno.test("picksFigure() has one color for one count, and keeps it when the largest count is given", () => {
  const [many, one] = fills(picksFigure("A.", [{ name: "", counts: [4, 1] }]).svg);
  assert(many !== one);
  const [alone] = fills(picksFigure("B.", [{ name: "", counts: [1] }], { most: 4 }).svg);
  assertEquals(alone, one);
});

Deno.test("picksFigure() writes counts as it is told, and names each map", () => {
  const { svg } = picksFigure("Two.", [layer, { name: "Others", counts: [3] }], {
    describe: (count) => `×${count}`,
  });
  for (const text of ["×4", "×3", "Experts", "Others"]) assertStringIncludes(svg, text);
});

Deno.test("picksFigure() refuses nothing, and counts that are none", () => {
  assertThrows(() => picksFigure("None.", []), RangeError, "number of things");
  assertThrows(() => picksFigure("None.", [{ name: "", counts: [-1] }]), RangeError, "-1");
  assertThrows(() => picksFigure("None.", [{ name: "", counts: [NaN] }]), RangeError, "NaN");
  assertThrows(() => picksFigure("None.", [layer], { columns: 0 }), RangeError, "columns");
});
