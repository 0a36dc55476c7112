import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Output } from "../../../kit/notebook/mod.ts";
import { ChapterRenderer, shownText } from "../../../kit/workbench/chapter_renderer.ts";
import { notebookOf } from "../check/project.ts";

const ignore = (["read", "env"] as const).some((name) =>
  Deno.permissions.querySync({ name }).state !== "granted"
);

Deno.test({
  name: "cells() shows prose and code with their exercises, and neither notes nor raw cells",
  ignore,
  async fn() {
    const book = notebookOf(
      { markdown: "# Title\n\n## Part\n\nSee [two](02_two.ipynb#x)." },
      { markdown: "For the speaker." },
      { code: "const a = 1;", tags: ["hide-input"] },
      `const ridge = 1;\nawait check("01.1", ridge);`,
      { markdown: "## Part" },
    );
    book.cells[1]!.metadata = { slideshow: { slide_type: "notes" } };
    const { cells, headings } = (await ChapterRenderer.create()).cells(book);
    assertEquals(cells.map((cell) => [cell.id, cell.kind]), [
      ["cell-1", "prose"],
      ["cell-3", "code"],
      ["cell-4", "code"],
      ["cell-5", "prose"],
    ]);
    assertEquals(headings.map(({ id }) => id), ["title", "part", "part-2"]);
    const [prose, folded, answer] = cells;
    assertStringIncludes(prose?.kind === "prose" ? prose.html : "", "/chapters/02_two#x");
    assert(folded?.kind === "code" && answer?.kind === "code");
    assertEquals([folded.folded, folded.exercise, folded.number], [true, undefined, 3]);
    assertEquals([answer.folded, answer.exercise, answer.number], [false, "01.1", 4]);
  },
});

Deno.test({
  name: "what cannot be shown says why, and the rest is shown",
  ignore,
  async fn() {
    const renderer = await ChapterRenderer.create();
    const output = (data: Record<string, unknown>): Output => ({
      output_type: "display_data",
      data,
      metadata: {},
    });
    const [unknown, formula, text] = renderer.outputs([
      output({ "application/x": "1" }),
      output({ "text/latex": "$\\nothing{$" }),
      output({ "text/plain": "<b>" }),
    ], 7);
    assertStringIncludes(unknown!, "Cannot show an output");
    assertStringIncludes(formula!, "Cannot set the formula");
    assertStringIncludes(text!, "&lt;b&gt;");
    const { cells: [prose] } = renderer.cells(notebookOf({ markdown: "An unset $\\nothing{$." }));
    assertStringIncludes(prose?.kind === "prose" ? prose.html : "", "Cannot set the formula");
  },
});

Deno.test("shownText() of a text that goes on begins with what was shown before", () => {
  const whole = "one\n\x1b[31mtwo\x1b[0m\n\nthree\n";
  assertEquals(shownText(whole), "one\ntwo\n\nthree");
  for (let end = 0; end < whole.length; end++) {
    const part = whole.slice(0, end);
    // A color that is cut in two is no text yet.
    if (part.lastIndexOf("\x1b") > part.lastIndexOf("m")) continue;
    assert(shownText(whole).startsWith(shownText(part)));
  }
});
