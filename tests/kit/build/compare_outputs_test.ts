import { assertEquals } from "@std/assert";
import { compareOutputs } from "../../../kit/build/mod.ts";
import type { Notebook, Output } from "../../../kit/notebook/mod.ts";
import { notebookOf } from "../check/project.ts";

const printed = (text: string | string[]): Output => ({
  output_type: "stream",
  name: "stdout",
  text,
});
const value = (data: Record<string, unknown>, execution_count = 1): Output => ({
  output_type: "execute_result",
  execution_count,
  data,
  metadata: {},
});

/** A notebook with a cell for each list of outputs; the last is tagged volatile. */
function withOutputs(...outputs: Output[][]): Notebook {
  const book = notebookOf(...outputs.map(() => ({ code: "1;" })), {
    code: "2;",
    tags: ["volatile"],
  });
  return {
    ...book,
    cells: book.cells.map((cell, index) =>
      ({ ...cell, outputs: outputs[index] ?? [printed(`${Math.random()}`)] }) as typeof cell
    ),
  };
}

Deno.test("compareOutputs() finds no difference in how text is cut, in counts, in the order of types, or in volatile cells", () => {
  const before = withOutputs([printed("a\nb\n")], [
    value({ "text/plain": "1", "text/html": "<b>1</b>" }),
  ]);
  const after = withOutputs([printed(["a\n", "b\n"])], [
    value({ "text/html": ["<b>1</b>"], "text/plain": "1" }, 7),
  ]);
  assertEquals(compareOutputs(before, after), []);
});

Deno.test("compareOutputs() names the cell and shows the first line that differs", () => {
  const before = withOutputs(
    [printed("a\nb\n")],
    [value({ "text/plain": "1" })],
    [printed("x")],
    [],
  );
  const after = withOutputs([printed("a\nc\n")], [value({ "text/plain": "1 " })], [], [
    value({ "application/json": { a: 1 } }),
  ]);
  assertEquals(compareOutputs(before, after), [
    { cell: 1, before: "b", after: "c" },
    { cell: 2, before: "1", after: "1 " },
    { cell: 3, before: "stdout:", after: "nothing" },
    { cell: 4, before: "nothing", after: "application/json:" },
  ]);
});

Deno.test("compareOutputs() tells an error from another, and a printed line from one on the error stream", () => {
  const error = (evalue: string): Output => ({
    output_type: "error",
    ename: "RangeError",
    evalue,
    traceback: [],
  });
  const stderr: Output = { output_type: "stream", name: "stderr", text: "a" };
  assertEquals(
    compareOutputs(withOutputs([error("1")], [printed("a")]), withOutputs([error("2")], [stderr])),
    [
      { cell: 1, before: "error RangeError: 1", after: "error RangeError: 2" },
      { cell: 2, before: "stdout:", after: "stderr:" },
    ],
  );
});
