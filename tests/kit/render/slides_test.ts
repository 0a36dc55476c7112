import { assertEquals, assertThrows } from "@std/assert";
import { type Column, cutSlides, type Step } from "../../../kit/render/slides.ts";
import { proseCell, sample } from "./sample.ts";
import golden from "./fixtures/nbconvert_slides.json" with { type: "json" };

/** Columns as text: `[1 2 (3 4!) / 5]` is a slide of cells 1 and 2, a fragment of 3 with 4 as notes, and a subslide. */
function outline(columns: readonly Column[]): string {
  const step = ({ cells, notes }: Step) =>
    [...cells.map(({ number }) => `${number}`), ...notes.map(({ number }) => `${number}!`)].join(
      " ",
    );
  return columns.map((column) =>
    `[${
      column.map(({ start, fragments }) =>
        [step(start), ...fragments.map((part) => `(${step(part)})`)].join(" ")
      ).join(
        " / ",
      )
    }]`
  ).join(" ");
}

const cut = (types: readonly (string | null)[]) =>
  outline(cutSlides(types.map((type, index) => proseCell(`cell${index + 1}`, type ?? undefined))));

// Made by exporting random notebooks with nbconvert 7 (`--to slides`) and reading the sections back from its HTML.
Deno.test("cutSlides() cuts 24 random notebooks exactly as nbconvert does", () => {
  for (const { types, outline } of golden.decks) {
    assertEquals(cut(types), outline, JSON.stringify(types));
  }
});

Deno.test("cutSlides() goes on inside an open fragment, and a new slide closes it", () => {
  assertEquals(cut(["slide", "fragment", "-", null, "slide", "-"]), "[1 (2 3 4)] [5 6]");
});

Deno.test("cutSlides() opens a slide with the first cell that shows, whatever it says", () => {
  assertEquals(cut(["skip", "fragment", "-", "subslide"]), "[2 3 / 4]");
});

Deno.test("cutSlides() gives notes before the first slide to that slide", () => {
  assertEquals(cut(["notes", "skip", "slide", "notes"]), "[3 1! 4!]");
});

Deno.test("cutSlides() gives notes to the step they follow", () => {
  assertEquals(cut(["slide", "notes", "fragment", "notes", "-"]), "[1 2! (3 5 4!)]");
});

Deno.test("cutSlides() refuses a notebook of which nothing shows", () => {
  assertThrows(() => cut(["skip", "notes"]), RangeError, "current value is 2 cells, all hidden");
});

Deno.test("the sample notebook uses every slide type", () => {
  const types = new Set(sample.cells.map((cell) => cell.metadata.slideshow?.slide_type));
  assertEquals(types, new Set(["slide", "subslide", "fragment", "skip", "notes", "-", undefined]));
});
