import { assertEquals, assertNotMatch, assertThrows } from "@std/assert";
import { parseHTML } from "linkedom";
import { type BlockMap, blocksFigure, type BlocksOptions, palette } from "@fewer-bytes/figures";

function drawn(maps: BlockMap[], options?: BlocksOptions) {
  const { svg } = blocksFigure("Blocks.", maps, options);
  assertNotMatch(svg, /NaN|undefined|Infinity/);
  const { document } = parseHTML(svg);
  const [taken, filled, ...rims] = [...document.querySelectorAll('[aria-label="rect"]')];
  const boxes = (of: Element | undefined) =>
    [...of?.querySelectorAll("rect") ?? []].map((rect) => ({
      fill: rect.getAttribute("fill"),
      width: Number(rect.getAttribute("width")),
      height: Number(rect.getAttribute("height")),
    }));
  return {
    taken: boxes(taken),
    filled: boxes(filled),
    rims: rims.map((each) => boxes(each).length),
    texts: [...document.querySelectorAll("text")].map(({ textContent }) => textContent),
    height: Number(document.querySelector("svg")!.getAttribute("height")),
  };
}

const memory = (...blocks: BlockMap["blocks"]) => [{ name: "memory", blocks }];

Deno.test("blocksFigure() gives each owner a color, a free block a rim and no color", () => {
  const { taken, rims, texts } = drawn(
    memory({ owners: ["A"] }, { owners: [] }, { owners: ["B"] }, { owners: ["A"] }),
  );
  assertEquals(taken.map(({ fill }) => fill), [palette.blue, palette.orange, palette.blue]);
  assertEquals(rims, [4]);
  assertEquals(texts.filter(Boolean), ["memory", "A", "B", "free"]);
});

Deno.test("blocksFigure() fills a block as far as it holds something, and explains what is pale", () => {
  const { taken, filled, texts } = drawn(
    memory({ owners: ["A"], filled: 0.25 }, { owners: ["A"], filled: 0 }, { owners: ["A"] }),
  );
  assertEquals([taken.length, filled.length], [3, 2]);
  const [quarter, whole] = filled.map(({ width }) => width);
  // Less what is left free at both sides: 2 pixels each.
  assertEquals(Math.round(4 * (quarter! + 4)), Math.round(whole! + 4));
  assertEquals(texts.includes("taken, and empty"), true);
});

Deno.test("blocksFigure() gives a shared block a band for each owner, a rim of its own, and their number", () => {
  const { taken, rims, texts } = drawn(
    memory({ owners: ["A", "B", "C"] }, { owners: ["A"] }, { owners: ["A", "B"], label: "7" }),
  );
  const [a, b, c, alone] = taken;
  assertEquals([a, b, c].map((band) => band!.fill), [
    palette.blue,
    palette.orange,
    palette.green,
  ]);
  assertEquals(Math.round(3 * a!.height), Math.round(alone!.height));
  assertEquals(rims, [1, 2]);
  assertEquals(texts.filter((text) => text === "×3" || text === "×2" || text === "7"), ["×3", "7"]);
  assertEquals(texts.includes("shared"), true);
});

Deno.test("blocksFigure() keeps the color of an owner from picture to picture", () => {
  const owners = ["A", "B"];
  const { taken } = drawn(memory({ owners: ["B"] }), { owners });
  assertEquals(taken[0]!.fill, palette.orange);
});

Deno.test("blocksFigure() repeats colors for a seventh owner, and then calls them by one name", () => {
  const many = Array.from({ length: 7 }, (_, i) => ({ owners: [`request ${i}`] }));
  const { taken, texts } = drawn(memory(...many), { called: "requests" });
  assertEquals(taken[6]!.fill, taken[0]!.fill);
  assertEquals(texts.filter(Boolean), ["memory", "requests"]);
});

Deno.test("blocksFigure() begins a row after so many columns, and each map in a row of its own", () => {
  const blocks = Array.from({ length: 6 }, () => ({ owners: ["A"] }));
  const { height } = drawn(memory(...blocks), { columns: 6 });
  const rows = (shape: BlockMap[]) => (drawn(shape, { columns: 6 }).height - height) / 40;
  assertEquals(rows(memory(...blocks, { owners: [] })), 1);
  assertEquals(rows([...memory(...blocks), { name: "table", blocks }]), 1.5);
});

Deno.test("blocksFigure() writes a title above all else, and makes room for it", () => {
  const plain = drawn(memory({ owners: ["A"] }));
  const titled = drawn(memory({ owners: ["A"] }), { title: "One block is taken" });
  assertEquals(titled.texts.includes("One block is taken"), true);
  assertEquals(titled.height - plain.height, 26);
});

Deno.test("blocksFigure() refuses no blocks, blocks that are more than full, and no columns", () => {
  assertThrows(() => blocksFigure("x", memory()), RangeError, "current number is 0");
  for (const filled of [1.5, -0.1, NaN]) {
    assertThrows(
      () => blocksFigure("x", memory({ owners: ["A"], filled })),
      RangeError,
      `from 0 to 1: current value is ${filled}`,
    );
  }
  assertThrows(
    () => blocksFigure("x", memory({ owners: [] }), { columns: 0 }),
    RangeError,
    "columns",
  );
});
