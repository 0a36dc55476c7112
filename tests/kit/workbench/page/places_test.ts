import { assertEquals } from "@std/assert";
import { EditorState } from "@codemirror/state";
import { diagnosticsOf, placeOf, positionOf } from "../../../../kit/workbench/page/places.ts";

const state = EditorState.create({ doc: "let a = 1;\nreturn peak.foo;" });

Deno.test("positionOf() and placeOf() are each other's inverse", () => {
  for (let position = 0; position <= state.doc.length; position += 1) {
    const { line, column } = placeOf(state.doc, position);
    assertEquals(positionOf(state.doc, line, column), position);
  }
});

Deno.test("positionOf() stays in a text that has become shorter", () => {
  assertEquals(positionOf(state.doc, 9, 1), 11);
  assertEquals(positionOf(state.doc, 1, 99), 10);
});

Deno.test("diagnosticsOf() underlines the word at the place, or else one sign", () => {
  const problem = (line: number, column: number) => ({
    cell: "a",
    line,
    column,
    code: "TS1",
    message: "no",
  });
  const ranges = diagnosticsOf(state, [problem(2, 13), problem(1, 10), problem(2, 99)]);
  assertEquals(ranges.map(({ from, to }) => [from, to]), [[23, 26], [9, 10], [27, 27]]);
});
