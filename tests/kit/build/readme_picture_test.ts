import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { firstPicture } from "../../../kit/build/readme_picture.ts";
import { parseNotebook } from "../../../kit/notebook/mod.ts";
import picture from "../../../slides/roofline.svg" with { type: "text" };
import readme from "../../../README.md" with { type: "text" };

Deno.test("the picture of the README is an SVG that chapter 01 draws, and the README shows it", () => {
  assertStringIncludes(readme, "(slides/roofline.svg)");
  assert(picture.startsWith("<svg ") && picture.includes('aria-label="Roofline of '));
});

Deno.test("firstPicture() finds the first SVG among the outputs, and none where there is none", () => {
  const cell = (id: string, data: Record<string, unknown>) => ({
    cell_type: "code",
    id,
    metadata: {},
    source: [],
    execution_count: 1,
    outputs: [{ output_type: "display_data", data, metadata: {} }],
  });
  const book = (...cells: unknown[]) =>
    parseNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }), "made");
  const words = cell("a", { "text/plain": "none" });
  const pictures = ["one", "two"].map((name) =>
    cell(name, { "image/svg+xml": ["<svg>", name, "</svg>"] })
  );
  assertEquals(firstPicture(book(words, ...pictures)), "<svg>one</svg>");
  assertEquals(firstPicture(book(words)), undefined);
});
