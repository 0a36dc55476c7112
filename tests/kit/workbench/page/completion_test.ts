import { assertEquals } from "@std/assert";
import { CompletionContext } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import { completionSource } from "../../../../kit/workbench/page/completion.ts";

/** Asks for proposals at the mark `|`; gives what was asked of the server, and where they would go. */
async function completeAt(marked: string, explicit = false) {
  const asked: [number, number][] = [];
  const source = completionSource((line, column) => {
    asked.push([line, column]);
    return Promise.resolve([{ label: "abs", kind: "method", detail: "(x: number): number" }]);
  });
  const state = EditorState.create({ doc: marked.replace("|", "") });
  const result = await source(new CompletionContext(state, marked.indexOf("|"), explicit));
  return { asked, from: result?.from };
}

Deno.test("completionSource() asks after a dot and in a name, by line and column from 1", async () => {
  assertEquals(await completeAt("let a;\nMath.|"), { asked: [[2, 6]], from: 12 });
  assertEquals(await completeAt("Math.ab|"), { asked: [[1, 8]], from: 5 });
  assertEquals(await completeAt("Ma|"), { asked: [[1, 3]], from: 0 });
});

Deno.test("completionSource() leaves numbers and blanks alone, unless it is asked", async () => {
  for (const marked of ["let a = 12|", "let a = |"]) {
    assertEquals(await completeAt(marked), { asked: [], from: undefined });
  }
  assertEquals((await completeAt("let a = |", true)).asked.length, 1);
});
