import { assertEquals } from "@std/assert";
import type { Notebook } from "../../../../kit/notebook/mod.ts";
import { conflictBetween, differingCells } from "../../../../kit/workbench/file/conflict.ts";
import { versionOf, versionWith } from "../../../../kit/workbench/file/version.ts";
import { notebookOf } from "../../check/project.ts";

const four = notebookOf("a", "b", "c", "d");
/** The four cells in another order, or fewer of them. */
const picked = (...numbers: number[]): Notebook => ({
  ...four,
  cells: numbers.map((number) => four.cells[number - 1]!),
});

Deno.test("differingCells() names changed, missing, added and moved cells by their numbers", () => {
  for (
    const [what, other, expected] of [
      ["the same", four, []],
      ["another source", notebookOf("a", "b", "C", "d"), [3]],
      ["another kind of cell", notebookOf("a", { markdown: "b" }, "c", "d"), [2]],
      ["one less", picked(1, 3, 4), [2]],
      ["one more", notebookOf("a", "b", "c", "d", "e"), [5]],
      ["two changed places", picked(1, 3, 2, 4), [2, 3]],
      ["nothing left", picked(), [1, 2, 3, 4]],
    ] as const
  ) assertEquals(differingCells(four, other), [...expected], what);
});

Deno.test("differingCells() counts neither outputs nor metadata nor how a source is split into lines", () => {
  const [first, ...rest] = four.cells;
  const shown = { ...first!, source: ["a"], outputs: [{}], metadata: { tags: ["x"] } };
  assertEquals(differingCells(four, { ...four, cells: [shown as never, ...rest] }), []);
});

Deno.test("conflictBetween() says why a file cannot be used, and then names no cells", () => {
  const broken = new TextEncoder().encode("<<<<<<< HEAD");
  const { cells, unreadable } = conflictBetween(four, versionOf(broken, "01.ipynb"));
  assertEquals([cells, unreadable.includes("01.ipynb: it is not JSON")], [[], true]);
  assertEquals(conflictBetween(four, versionOf(undefined, "01.ipynb")), {
    cells: [],
    unreadable: "Cannot read notebook 01.ipynb: the file is gone",
  });
  assertEquals(conflictBetween(four, versionWith(picked(2, 3, 4))), { cells: [1], unreadable: "" });
});
