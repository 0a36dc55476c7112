import { assertEquals, assertThrows } from "@std/assert";
import { parseNotebook, serializeNotebook } from "../../../kit/notebook/mod.ts";
import { addCell, isOwn, removeCell } from "../../../kit/workbench/own_cells.ts";
import { notebookOf } from "../check/project.ts";

const original = notebookOf({ markdown: "# A" }, "1", "2");

Deno.test("addCell() puts an empty cell below another, which no slide shows, and removeCell() takes it back", () => {
  const added = addCell(original, "cell-2", "new");
  assertEquals(added.cells.map(({ id }) => id), ["cell-1", "cell-2", "new", "cell-3"]);
  const [, , cell] = parseNotebook(serializeNotebook(added), "a").cells;
  assertEquals([cell?.cell_type, cell?.source, cell?.metadata.slideshow?.slide_type], [
    "code",
    [],
    "skip",
  ]);
  assertEquals([isOwn(original, "new"), isOwn(original, "cell-2")], [true, false]);
  assertEquals(removeCell(added, original, "new"), original);
});

Deno.test("cells of the course are not removed, and nothing goes below a cell that is not there", () => {
  for (const id of ["cell-1", "cell-2", "none"]) {
    assertThrows(() => removeCell(original, original, id), RangeError, `current value is ${id}`);
  }
  assertThrows(() => addCell(original, "none", "new"), RangeError, "current value is none");
});
