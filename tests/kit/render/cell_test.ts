import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type CellContext, renderCell } from "../../../kit/render/cell.ts";
import { createLabels } from "../../../kit/render/labels.ts";
import { createMarkdown } from "../../../kit/render/markdown.ts";
import { codeCell, proseCell } from "./sample.ts";

function context(hiddenInput: CellContext["hiddenInput"]): CellContext {
  const label = createLabels();
  const highlight = (code: string) => `<pre>${code}</pre>`;
  return {
    highlight,
    label,
    hiddenInput,
    markdown: createMarkdown({ highlight, label, anchors: true, notebookHref: String }),
  };
}

const printing = [{ output_type: "stream" as const, name: "stdout" as const, text: "out" }];

Deno.test("renderCell() shows code, then what it printed", () => {
  const { html } = renderCell(codeCell("code", printing), 1, context("fold"));
  assert(html.indexOf("code</pre>") < html.indexOf("out</pre>"));
  assert(!html.includes("<details"));
});

Deno.test("renderCell() folds hidden code on a page and leaves it out on a slide", () => {
  const cell = codeCell("code", printing, ["hide-input"]);
  assertStringIncludes(
    renderCell(cell, 1, context("fold")).html,
    '<details class="folded"><summary>Code</summary>',
  );
  const slide = renderCell(cell, 1, context("omit")).html;
  assert(!slide.includes("code</pre>") && slide.includes("out</pre>"));
});

Deno.test("renderCell() gives nothing for an empty cell and for a raw one", () => {
  assertEquals(renderCell(codeCell("  ", []), 1, context("fold")).html, "");
  const raw = { cell_type: "raw" as const, id: "r", metadata: {}, source: "x" };
  assertEquals(renderCell(raw, 1, context("fold")).html, "");
});

Deno.test("renderCell() hands on the headings of its prose", () => {
  assertEquals(
    renderCell(proseCell("# A\n\n## B"), 1, context("fold")).headings.map(({ level }) => level),
    [1, 2],
  );
});

Deno.test("renderCell() keeps the names of two figures apart", () => {
  const figure = { "image/svg+xml": '<svg><clipPath id="c"/></svg>' };
  const output = { output_type: "display_data" as const, data: figure, metadata: {} };
  const { html } = renderCell(codeCell("", [output, output]), 7, context("fold"));
  assertEquals(html.match(/(?<=id=")[^"]*/g), ["cell-7-1-c", "cell-7-2-c"]);
});
